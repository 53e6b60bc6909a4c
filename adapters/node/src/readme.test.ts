import { expect, test } from "vitest";
import { sendHttp } from "../../../test/runtimes/hosts/http.ts";
import { port, server } from "../../../test/support/create-server.ts";

test("the README's server answers and closes", async () => {
  const { body } = await sendHttp(port, { method: "GET", url: "/hello/a%20b" });
  expect(JSON.parse(Buffer.from(body).toString())).toEqual({ hello: "a b", path: "/hello/a%20b" });
  await server.close();
});
