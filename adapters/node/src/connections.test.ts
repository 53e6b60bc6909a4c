import { defineFunction, http } from "@anyfn/core";
import { afterEach, describe, expect, test } from "vitest";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { servers } from "../../../test/support/node-server.ts";
import { createServer } from "./index.ts";

const { start, lines, closeAll } = servers();
afterEach(closeAll);

const echo = defineFunction({ trigger: http.any("/echo/{path+}"), handler: ({ params }) => params });

describe("shutting down", () => {
  test("what was accepted is finished, and the connection closes", async () => {
    const [entered, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = defineFunction({
      trigger: http.get("/"),
      handler: async () => {
        entered.resolve();
        await leave.promise;
        return "finished";
      },
    });
    const server = await start({ slow }, { gracePeriod: 5 });
    const answer = server.send("GET", "/", { headers: [["Connection", "keep-alive"]] });
    await entered.promise;
    const closed = server.close();
    await expect(server.send("GET", "/")).rejects.toThrow("ECONNREFUSED");
    leave.resolve();
    const { body, headers } = await answer;
    expect(Buffer.from(body).toString()).toBe("finished");
    expect(headerValues(headers, "connection")).toEqual(["close"]);
    await closed;
  });

  test("connections that ask nothing do not hold it up", async () => {
    const server = await start({ echo }, { gracePeriod: 60 });
    const silent = server.raw();
    const idle = server.raw();
    idle.socket.write("GET /echo/x HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => idle.socket.once("data", resolve));
    await server.close();
    expect(await silent.text).toBe("");
    expect(await idle.text).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each(["again", "for the first time"])(
    "a caller about to ask %s is answered, and told",
    async (when) => {
      const server = await start({ echo }, { gracePeriod: 60 });
      const { socket, text } = server.raw();
      const ask = "GET /echo/x HTTP/1.1\r\nHost: a\r\n\r\n";
      await new Promise((resolve) => socket.once("connect", resolve));
      if (when === "again") {
        socket.write(ask);
        await new Promise((resolve) => socket.once("data", resolve));
      } else {
        // Accepted once another connection, made later, has its answer.
        await server.send("GET", "/echo/y");
      }
      const closed = server.close();
      // More turns of the event loop than anything needs that was there before.
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
      socket.write(ask);
      expect(await text).toMatch(/HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)*connection: close/i);
      await closed;
    },
  );

  test("a connection that is open still says that the server is going", async () => {
    const [entered, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = defineFunction({
      trigger: http.get("/"),
      handler: async () => {
        entered.resolve();
        await leave.promise;
        return "slow";
      },
    });
    const server = await start({ slow }, { gracePeriod: 5 });
    const { socket, text } = server.raw();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    await entered.promise;
    const closed = server.close();
    leave.resolve();
    await closed;
    expect(await text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close/is);
  });

  test("a large answer on its way is sent to the end", async () => {
    const size = 20_000_000;
    const large = defineFunction({ trigger: http.get("/"), handler: () => new Uint8Array(size) });
    const server = await start({ large }, { gracePeriod: 10 });
    const { socket, text } = server.raw();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => socket.once("readable", resolve));
    const closed = server.close();
    socket.resume();
    await closed;
    expect((await text).length).toBeGreaterThan(size);
  });

  test("work given to waitUntil is finished too", async () => {
    const work = Promise.withResolvers<void>();
    let done = false;
    const background = defineFunction({
      trigger: http.get("/"),
      handler: (_event, ctx) => {
        ctx.waitUntil(work.promise.then(() => (done = true)));
        return "answered";
      },
    });
    const server = await start({ background }, { gracePeriod: 5 });
    expect((await server.send("GET", "/")).status).toBe(200);
    const closed = server.close();
    work.resolve();
    await closed;
    expect(done).toBe(true);
  });

  test("what is not done after the grace period is cut off", async () => {
    const entered = Promise.withResolvers<void>();
    const stuck = defineFunction({
      trigger: http.get("/"),
      handler: () => {
        entered.resolve();
        return new Promise(() => {});
      },
    });
    const server = await start({ stuck }, { gracePeriod: 0.05 });
    const answer = server.send("GET", "/");
    const failed = expect(answer).rejects.toThrow();
    await entered.promise;
    await server.close();
    await failed;
    const ids = { function: "stuck", invocationId: expect.any(String), requestId: expect.any(String) };
    expect(lines()).toEqual([expect.objectContaining({ severity: "ERROR", unfinished: 1, inFlight: [ids] })]);
  });

  test("closing twice and closing before listening are fine", async () => {
    const server = createServer({ echo });
    await server.close();
    const other = await start({ echo });
    await Promise.all([other.close(), other.close()]);
  });

  test("a port that is taken is an error", async () => {
    const first = await start({ echo });
    const second = createServer({ echo });
    await expect(second.listen(first.port, "127.0.0.1")).rejects.toThrow("EADDRINUSE");
  });
});
