import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayKind, lambdaFront } from "./api-gateway.ts";
import { writeArtifact } from "./artifact.ts";
import { type LambdaHost, startLambda } from "./aws.ts";

const kinds: GatewayKind[] = ["http-api", "function-url", "rest-api", "alb", "alb-multi-value"];

const artifact = writeArtifact({
  "index.mjs": `
    export const handler = async (event) => {
      if (event.rawPath === "/throw") throw new Error("boom");
      return { statusCode: 200, headers: {}, body: event.rawPath ?? event.path };
    };
    export const streaming = awslambda.streamifyResponse(async (event, stream) => {
      if (event.rawPath === "/throw") throw new Error("boom");
      if (event.rawPath === "/no-prelude") {
        stream = awslambda.HttpResponseStream.from(stream, { statusCode: 404 });
        return stream.end("lost");
      }
      stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { "x-a": "1" }, cookies: ["a=1", "b=2"] });
      stream.write("one");
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (event.rawPath === "/break") throw new Error("boom");
      stream.end("two");
    });
  `,
});
let buffered: LambdaHost;
let streaming: LambdaHost;
beforeAll(async () => {
  const streamOptions = { handler: "index.streaming" };
  [buffered, streaming] = await Promise.all([
    startLambda(artifact.dir),
    startLambda(artifact.dir, streamOptions),
  ]);
});
afterAll(async () => {
  await Promise.all([buffered.close(), streaming.close()]);
  artifact[Symbol.dispose]();
});

test.each(kinds)("%s", async (kind) => {
  const front = lambdaFront(buffered, kind, { route: "/orders/{proxy+}" });
  const response = await front({ method: "GET", url: "/orders/1" });
  expect(response).toMatchObject({ status: 200, body: Buffer.from("/orders/1"), complete: true });
  const lost = await front({ method: "GET", url: "/lost" });
  expect(lost.status).toBe(kind === "rest-api" ? 403 : 404);
});

test("a throw", async () => {
  const get = { method: "GET", url: "/throw" };
  expect(await lambdaFront(buffered, "http-api")(get)).toMatchObject({ status: 500 });
  expect(await lambdaFront(buffered, "function-url")(get)).toMatchObject({ status: 502 });
  expect(await lambdaFront(streaming, "function-url")(get)).toMatchObject({ status: 502 });
});

test("a stream through a function URL", async () => {
  const response = await lambdaFront(streaming, "function-url")({ method: "GET", url: "/" });
  expect(response).toMatchObject({ status: 201, body: Buffer.from("onetwo"), complete: true });
  expect(response.headers).toEqual([
    ["x-a", "1"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
  const [first, second] = response.chunks.map(({ atMs }) => atMs);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(20);
});

test("a stream that breaks, has no prelude, or meets a front that cannot stream", async () => {
  const url = lambdaFront(streaming, "function-url");
  expect(await url({ method: "GET", url: "/break" })).toMatchObject({
    status: 201,
    complete: false,
    body: Buffer.from("one"),
  });
  expect(await url({ method: "GET", url: "/no-prelude" })).toMatchObject({ status: 502 });
  expect(await lambdaFront(streaming, "http-api")({ method: "GET", url: "/" })).toMatchObject({
    status: 500,
  });
});
