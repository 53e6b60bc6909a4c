import type { Call, CallResult } from "@anyfn/build";
import { direct, http, queue, schedule } from "@anyfn/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT, REGION } from "../../../../test/support/google-service-state.ts";
import { createStage, type GoogleStage } from "../../../../test/support/google-stage.ts";

const ADMITTED = ["serviceAccount:deployer@shop-123.iam.gserviceaccount.com"];
const open = { ingress: "all", invokers: ADMITTED };
let stage: GoogleStage;
beforeAll(async () => {
  const triggers = {
    "get-order": http.get("/orders/{id}"),
    secret: http.get("/secret"),
    add: direct(),
    closed: direct(),
    fulfil: queue("orders"),
    nightly: schedule("0 0 * * *"),
    inner: queue("others"),
  };
  stage = await createStage(triggers, {
    create: true,
    functions: { secret: { public: false, invokers: ADMITTED }, add: open, fulfil: open, nightly: open },
  });
  await stage.deploy();
  stage.google.state.answer = ({ method, url, headers, body }, name) => ({
    status: url.includes("missing") ? 404 : 200,
    headers: { "x-name": name },
    body: {
      line: `${method} ${url.slice(`/call/${name}`.length)}`,
      type: headers["content-type"],
      scheduler: headers["x-cloudscheduler-jobname"],
      token: headers.authorization?.split(" ")[0],
      body: body.toString(),
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const call = async (name: string, rest: Partial<Call> = {}): Promise<CallResult> =>
  stage.deployer.invoke(
    { ...(await stage.input()), only: [name] },
    { function: name, method: "POST", path: "/", headers: {}, data: undefined, ...rest },
  );

test("a public HTTP function is called at its URL, and shown no token", async () => {
  const headers = { "x-mine": "1", "content-type": "text/plain" };
  const result = await call("get-order", { method: "PUT", path: "/orders/1?a=b", headers, data: "text" });
  expect(result).toMatchObject({ ok: true, status: 200, headers: { "x-name": "shop-dev-get-order" } });
  expect(JSON.parse(result.output)).toEqual({ line: "PUT /orders/1?a=b", type: "text/plain", body: "text" });
  expect(await call("get-order", { method: "GET", path: "/missing" })).toMatchObject({
    ok: false,
    status: 404,
  });
});

test("others see an ID token of the caller's for their URL", async () => {
  const { output } = await call("secret", { method: "GET", path: "/secret" });
  expect(JSON.parse(output)).toMatchObject({ line: "GET /secret", token: "Bearer" });
  const asked = stage.google.server.requests.findLast(({ url }) => url.includes(":generateIdToken"));
  expect(JSON.parse(asked?.body.toString() ?? "")).toMatchObject({
    audience: `${stage.google.server.url}/call/shop-dev-secret`,
  });
});

test("direct functions take JSON, and events what Google sends", async () => {
  const add = await call("add", { data: '{"a":1}' });
  expect(add.status).toBeUndefined();
  expect(JSON.parse(add.output)).toMatchObject({ type: "application/json", body: '{"a":1}' });
  const push = await call("fulfil", {
    data: '{"message":{"data":"e30=","messageId":"1"},"subscription":"s"}',
  });
  expect(JSON.parse(push.output)).toMatchObject({ line: "POST ", type: "application/json" });
  const event = await call("fulfil", { data: '{"specversion":"1.0","type":"t","source":"/s","id":"1"}' });
  expect(JSON.parse(event.output)).toMatchObject({ type: "application/cloudevents+json" });
  const tick = await call("nightly", { data: "{}" });
  expect(JSON.parse(tick.output)).toMatchObject({ scheduler: "shop-dev-nightly" });
});

test("who may not call is told what to set", async () => {
  await expect(call("closed", { data: "1" })).rejects.toThrow(
    "roles/run.invoker by `functions.closed.invokers`",
  );
  await expect(call("inner", { data: "1" })).rejects.toThrow('Set `functions.inner.ingress` to "all"');
});

test("what is not deployed is not called", async () => {
  const input = { ...(await stage.input()), stage: "prod", only: ["add"] };
  const rest = { method: "POST", path: "/", headers: {}, data: "1" };
  await expect(stage.deployer.invoke(input, { function: "add", ...rest })).rejects.toThrow(
    'add is not deployed to stage "prod". Run anyfn deploy first.',
  );
});

test("logs are read in the order of their times, as the function wrote them", async () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 0, 0, seconds)).toISOString();
  stage.google.state.entries.push(
    { insertId: "a", timestamp: at(1), textPayload: "started" },
    { insertId: "b", timestamp: at(2), severity: "INFO", jsonPayload: { message: "shipping", id: 1 } },
    {
      insertId: "c",
      timestamp: at(3),
      httpRequest: { requestMethod: "GET", requestUrl: "/x", status: 200, latency: "0.1s" },
    },
  );
  const lines: string[] = [];
  const query = { function: "get-order", since: Date.UTC(2026, 10, 21), follow: false };
  for await (const { time, text } of stage.deployer.logs(await stage.input(), query))
    lines.push(`${time % 60_000} ${text}`);
  expect(lines).toEqual([
    "1000 started",
    '2000 {"severity":"INFO","message":"shipping","id":1}',
    "3000 GET /x 200 0.1s",
  ]);
  const asked = stage.google.server.requests.at(-1);
  expect(JSON.parse(asked?.body.toString() ?? "")).toMatchObject({
    resourceNames: [`projects/${PROJECT}`],
    orderBy: "timestamp asc",
    filter:
      'resource.type="cloud_run_revision" AND resource.labels.service_name="shop-dev-get-order" AND ' +
      `resource.labels.location="${REGION}" AND timestamp>="2026-11-21T00:00:00.000Z"`,
  });
});

test("logs are followed: what comes late is shown once, until the signal", async () => {
  const stop = new AbortController();
  const input = { ...(await stage.input()), signal: stop.signal };
  const at = new Date(Date.UTC(2026, 10, 21, 0, 0, 2)).toISOString();
  const lines: string[] = [];
  const follow = async () => {
    const query = { function: "get-order", since: Date.UTC(2026, 10, 21), follow: true };
    for await (const { text } of stage.deployer.logs(input, query)) {
      lines.push(text);
      if (text.startsWith("GET /x"))
        stage.google.state.entries.push({ insertId: "late", timestamp: at, textPayload: "late" });
      if (text === "late") stop.abort();
    }
  };
  await expect(follow()).rejects.toThrow(/abort/i);
  expect(lines.filter((line) => line === "started")).toHaveLength(1);
  expect(lines.at(-1)).toBe("late");
});

test("logs with a bucket of their own are read there", async () => {
  stage.set({ settings: stage.settings({ create: true, logRetentionDays: 7 }) });
  const query = { function: "get-order", since: 0, follow: false };
  const input = { ...(await stage.input()), only: ["get-order"] };
  for await (const _line of stage.deployer.logs(input, query));
  const asked = stage.google.server.requests.at(-1);
  expect(JSON.parse(asked?.body.toString() ?? "").resourceNames).toEqual([
    `projects/${PROJECT}/locations/${REGION}/buckets/shop-dev--functions/views/_AllLogs`,
  ]);
});
