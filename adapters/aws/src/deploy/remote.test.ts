import type { Call } from "@anyfn/build";
import { defineFunction, direct, http, queue } from "@anyfn/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { jsonError } from "../../../../test/support/aws-service.ts";
import { type Functions, linesOf, startWorld } from "./_testing.ts";

const handler = () => undefined;
const parameters = { OrdersQueueArn: "arn:aws:sqs:eu-central-1:123456789012:orders" };
const settings = { front: "function-url", parameters } as const;
const FUNCTIONS: Functions = {
  hello: [defineFunction({ trigger: http.get("/hello"), handler }), "one"],
  orders: [defineFunction({ trigger: queue("orders"), handler }), "one"],
};
const VAT: Functions = { vat: [defineFunction({ trigger: direct(), handler }), "one"] };

const call = (change: Partial<Call>): Call => ({
  function: "hello",
  method: "GET",
  path: "/",
  headers: {},
  data: undefined,
  ...change,
});

afterEach(() => vi.unstubAllEnvs());

describe("remove", () => {
  it("leaves nothing behind, and nothing of others is touched", async () => {
    await using world = await startWorld();
    await world.deploy(FUNCTIONS, { settings, stage: "prod" });
    const others = [...world.lambda.functions.keys(), ...world.iam.roles.keys(), ...world.logs.groups.keys()];
    await world.deploy(FUNCTIONS, { settings });
    // Nothing is asked of the parameters, nor of the artifacts.
    const plan = await world.deployer.planRemoval(world.input({}, {}));
    expect(linesOf(plan)).toEqual([
      "delete event source mapping of shop-dev-orders",
      "delete function shop-dev-hello",
      "delete function shop-dev-orders",
      "delete role shop-dev-hello-function-role-eu-central-1",
      "delete role shop-dev-orders-function-role-eu-central-1",
      "delete log group /aws/lambda/shop-dev-hello",
      "delete log group /aws/lambda/shop-dev-orders",
    ]);
    await world.run(plan);
    expect([
      ...world.lambda.functions.keys(),
      ...world.iam.roles.keys(),
      ...world.logs.groups.keys(),
    ]).toEqual(others);
    expect(world.lambda.mappings.size).toBe(1);
    expect(linesOf(await world.deployer.planRemoval(world.input({}, {})))).toEqual([]);
  });
});

describe("invoke", () => {
  it("sends HTTP functions a request, and reads the answer", async () => {
    await using world = await startWorld();
    await world.deploy(FUNCTIONS, { settings });
    const input = world.input(FUNCTIONS, { settings });
    const result = await world.deployer.invoke(
      input,
      call({ path: "/hello?a=1", headers: { Cookie: "a=1; b=2" } }),
    );
    expect(result).toEqual({
      ok: true,
      status: 200,
      headers: { "x-a": "1" },
      output: '{"version":"1","asked":"/hello"}',
    });
    const sent = JSON.parse(world.server.requests.at(-1)?.body.toString() ?? "");
    expect(sent).toMatchObject({
      version: "2.0",
      rawQueryString: "a=1",
      cookies: ["a=1", "b=2"],
      requestContext: { http: { method: "GET", path: "/hello" } },
    });
    expect(world.server.requests.at(-1)?.url).toContain("Qualifier=live");
  });

  it("sends others what is given", async () => {
    await using world = await startWorld();
    await world.deploy(FUNCTIONS, { settings });
    const input = world.input(FUNCTIONS, { settings });
    expect(await world.deployer.invoke(input, call({ function: "orders", data: '{"Records":[]}' }))).toEqual({
      ok: true,
      output: '{"version":"1","asked":{"Records":[]}}',
    });
    await expect(world.deployer.invoke(input, call({ function: "orders", data: "{" }))).rejects.toThrow(
      /no JSON/,
    );
  });

  it("says how to deploy what is not there", async () => {
    await using world = await startWorld();
    await expect(world.deployer.invoke(world.input(VAT), call({ function: "vat" }))).rejects.toThrow(
      '"vat" is not deployed to the stage "dev". Run: anyfn deploy --target aws --stage dev',
    );
  });
});

describe("logs", () => {
  const event = (timestamp: number) => ({
    eventId: String(timestamp),
    timestamp,
    message: `at ${timestamp}\n`,
  });

  it("come in the order of their times, and each once while they are followed", async () => {
    await using world = await startWorld();
    await world.deploy(FUNCTIONS, { settings });
    const events = world.logs.groups.get("/aws/lambda/shop-dev-hello")?.events;
    events?.push(event(30_000), event(10_000), event(20_000));
    const end = new AbortController();
    const input = world.input(FUNCTIONS, { settings, signal: end.signal });
    const lines: string[] = [];
    for await (const { text } of world.deployer.logs(input, {
      function: "hello",
      since: 15_000,
      follow: true,
    })) {
      lines.push(text);
      if (text === "at 30000") events?.push(event(40_000));
      if (text === "at 40000") end.abort();
    }
    expect(lines).toEqual(["at 20000", "at 30000", "at 40000"]);
    expect(world.waits.at(-1)).toBe(2000);
  });
});

describe("what the clients say", () => {
  const plan = async (change: () => void) => {
    await using world = await startWorld();
    change();
    await world.deployer.plan(world.input(FUNCTIONS, { settings }));
  };

  it("is explained where the region is missing", async () => {
    const nowhere = () => {
      vi.stubEnv("AWS_REGION", undefined);
      vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
    };
    await expect(plan(nowhere)).rejects.toThrow(
      "[aws] No region is set. Set AWS_REGION, or a region in the profile.",
    );
  });

  it("is explained where there are no credentials", async () => {
    const nobody = () => {
      for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
      for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/nowhere");
      vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    };
    await expect(plan(nobody)).rejects.toThrow(/CredentialsProviderError: .* Log in: aws sso login/);
  });

  it("is explained where AWS does not know the credentials, which are not shown", async () => {
    const failed = plan(() => vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASOMEBODY"));
    await expect(failed).rejects.toThrow(/InvalidClientTokenId: .* Check the credentials/);
    await expect(failed).rejects.not.toThrow(/AKIASOMEBODY|secret-of-the-tests/);
  });

  it("is waited for where it passes", async () => {
    await using world = await startWorld();
    const when = ({ method, url }: { method: string; url: string }) =>
      method === "POST" && url.endsWith("/functions");
    const said = "The role defined for the function cannot be assumed by Lambda.";
    const answer = jsonError(400, "InvalidParameterValueException", said);
    world.server.failWith({ when, answer, times: 3 });
    await world.deploy(FUNCTIONS, { settings });
    expect(world.waits).toEqual(expect.arrayContaining([500]));
    world.server.failWith({ when, answer });
    const failed = world.deploy({ new: FUNCTIONS.hello as Functions[string] }, { settings, stage: "prod" });
    await expect(failed).rejects.toThrow(/cannot be assumed/);
    // A minute, in pauses that grow.
    expect(world.waits.slice(-3)).toEqual([5000, 5000, 5000]);
  });
});
