import { defineFunction, direct, http, queue } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { type Functions, linesOf, startWorld, type World } from "./_testing.ts";

const handler = () => undefined;
const SOURCE = "arn:aws:sqs:eu-central-1:123456789012:orders";
const settings = { front: "function-url", parameters: { OrdersQueueArn: SOURCE } } as const;
const hello = defineFunction({ trigger: http.get("/hello"), handler });
const orders = defineFunction({ trigger: queue("orders"), handler });

/** Two functions whose code is the given text. */
const app = (code = "one"): Functions => ({ hello: [hello, code], orders: [orders, code] });
const deploy = (world: World, code?: string) => world.deploy(app(code), { settings });
const codeOf = ({ lambda }: World, name: string) => lambda.served(`shop-dev-${name}`)?.CodeSha256;

const FUNCTIONS = "lambda POST /2015-03-31/functions";
const ofHello = (rest: string) => `/functions/shop-dev-hello/${rest}`;

describe("deploy", () => {
  it("makes what functions need, then them, then what points at them", async () => {
    await using world = await startWorld();
    const plan = await world.deployer.plan(world.input({ hello: [hello, "one"] }, { settings }));
    expect(plan.place).toBe("account 123456789012, eu-central-1");
    expect(await world.run(plan)).toEqual([
      "logs CreateLogGroup",
      "logs PutRetentionPolicy",
      "iam CreateRole",
      "iam PutRolePolicy",
      FUNCTIONS,
      `lambda POST /2015-03-31${ofHello("versions")}`,
      `lambda POST /2015-03-31${ofHello("aliases")}`,
      expect.stringMatching(/\/url$|\/policy$/),
      expect.stringMatching(/\/url$|\/policy$/),
      expect.stringMatching(/\/url$|\/policy$/),
    ]);
    expect(await plan.addresses()).toEqual([
      { function: "hello", url: "https://shop-dev-hello.lambda-url.eu-central-1.on.aws/hello" },
    ]);
    const made = world.lambda.functions.get("shop-dev-hello");
    expect(made?.tags).toEqual({ "anyfn:app": "shop", "anyfn:stage": "dev" });
    expect(made?.latest).toMatchObject({
      Architectures: ["arm64"],
      Handler: "index.handler",
      LoggingConfig: { LogGroup: "/aws/lambda/shop-dev-hello" },
      Role: expect.stringContaining("shop-dev-hello-function-role"),
      Runtime: "nodejs24.x",
    });
    expect(
      [...(made?.statements.values() ?? [])].map(({ Action, Condition }) => [Action, Condition]),
    ).toEqual(
      expect.arrayContaining([
        [
          "lambda:InvokeFunctionUrl",
          expect.objectContaining({ StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } }),
        ],
        [
          "lambda:InvokeFunction",
          expect.objectContaining({ Bool: { "lambda:InvokedViaFunctionUrl": "true" } }),
        ],
      ]),
    );
  });

  it("changes nothing the second time", async () => {
    await using world = await startWorld();
    await deploy(world);
    const plan = await world.deployer.plan(world.input(app(), { settings }));
    expect(linesOf(plan)).toEqual([]);
    expect(await world.run(plan)).toEqual([]);
    expect((await plan.addresses()).map(({ function: name }) => name)).toEqual(["hello"]);
  });

  it("brings changed code alone, and moves the alias last", async () => {
    await using world = await startWorld();
    await deploy(world);
    const before = codeOf(world, "orders");
    const changed = { ...app(), hello: [hello, "two"] } as const;
    const plan = await world.deployer.plan(world.input(changed, { settings }));
    expect(linesOf(plan)).toEqual(["update function shop-dev-hello", "update alias shop-dev-hello:live"]);
    expect(plan.waves.flat().flatMap(({ switches }) => switches ?? [])).toEqual(["hello"]);
    expect(await world.run(plan)).toEqual([
      `lambda PUT /2015-03-31${ofHello("code")}`,
      `lambda POST /2015-03-31${ofHello("versions")}`,
      `lambda PUT /2015-03-31${ofHello("aliases/live")}`,
    ]);
    expect(codeOf(world, "orders")).toBe(before);
    expect(await world.deploy(changed, { settings })).toEqual([]);
  });

  it("changes the configuration before the code, and names variables without their values", async () => {
    await using world = await startWorld();
    await deploy(world);
    const larger = defineFunction({ trigger: http.get("/hello"), memory: 1024, handler });
    const more = { ...settings, environment: { TOKEN: "s3cr3t" } };
    const input = world.input({ ...app(), hello: [larger, "two"] }, { settings: more });
    const plan = await world.deployer.plan(input);
    const [details] = plan.waves
      .flat()
      .flatMap(({ name, details }) => (name === "shop-dev-hello" ? [details] : []));
    expect(details).toEqual([
      expect.stringMatching(/^Code: [0-9a-f]{12} → [0-9a-f]{12}$/),
      "Environment: +TOKEN",
      "MemorySize: 512 → 1024",
    ]);
    expect(JSON.stringify(plan)).not.toContain("s3cr3t");
    const writes = await world.run(plan);
    const own = writes.filter((line) => line.includes("shop-dev-hello"));
    expect(own.map((line) => line.replace(/^.*\//, ""))).toEqual([
      "configuration",
      "code",
      "versions",
      "live",
    ]);
    expect(world.lambda.served("shop-dev-hello")).toMatchObject({ MemorySize: 1024 });
  });

  it("deletes what is no longer declared, and touches nothing of others", async () => {
    await using world = await startWorld();
    await deploy(world);
    await world.deploy(app(), { settings, app: "other" });
    await world.deploy(app(), { settings, stage: "prod" });
    const plan = await world.deployer.plan(world.input({ hello: [hello, "one"] }, { settings }));
    expect(linesOf(plan)).toEqual([
      "delete event source mapping of shop-dev-orders",
      "delete function shop-dev-orders",
      "delete role shop-dev-orders-function-role-eu-central-1",
      "delete log group /aws/lambda/shop-dev-orders",
    ]);
    await world.run(plan);
    expect([...world.lambda.functions.keys()].sort()).toEqual([
      "other-dev-hello",
      "other-dev-orders",
      "shop-dev-hello",
      "shop-prod-hello",
      "shop-prod-orders",
    ]);
    expect(world.lambda.mappings.size).toBe(2);
  });

  it("touches only what belongs to the functions that are meant", async () => {
    await using world = await startWorld();
    await deploy(world);
    const input = world.input({ hello: [hello, "two"] }, { settings, only: ["hello"] });
    expect(linesOf(await world.deployer.plan(input))).toEqual([
      "update function shop-dev-hello",
      "update alias shop-dev-hello:live",
    ]);
  });

  it("makes an API with its stage for the first function alone", async () => {
    await using world = await startWorld();
    const input = world.input({ hello: [hello, "one"] }, { only: ["hello"] });
    const lines = linesOf(await world.deployer.plan(input));
    expect(lines).toContain("create HTTP API shop-dev-http-api");
    expect(lines.filter((line) => line.startsWith("create HTTP API stage"))).toHaveLength(1);
  });

  it("does not take what someone else has made", async () => {
    await using world = await startWorld();
    await deploy(world);
    Object.assign(world.lambda.functions.get("shop-dev-hello") ?? {}, { tags: { team: "b" } });
    await expect(world.deployer.plan(world.input(app(), { settings }))).rejects.toThrow(
      /There is a function shop-dev-hello already, which this application and stage did not make\. Rename/,
    );
  });

  it("asks for all parameters at once, and takes those of the command before those of the settings", async () => {
    await using world = await startWorld();
    const input = world.input(app(), { settings: { front: "function-url" } });
    await expect(world.deployer.plan(input)).rejects.toThrow(
      /These parameters need values:\n {2}OrdersQueueArn: ARN of the queue "orders".*\nGive each with --parameter Name=value/,
    );
    const parameters = { OrdersQueueArn: `${SOURCE}-2` };
    await world.deploy(app(), { settings, parameters });
    expect([...world.lambda.mappings.values()]).toMatchObject([{ EventSourceArn: `${SOURCE}-2` }]);
    await expect(
      world.deployer.plan(world.input(app(), { settings, parameters: { OrdersQueueArn: "no-arn" } })),
    ).rejects.toThrow(/OrdersQueueArn: .* does not match arn:/);
  });

  it("makes another mapping when the source is another one", async () => {
    await using world = await startWorld();
    await deploy(world);
    const parameters = { OrdersQueueArn: `${SOURCE}-2` };
    const plan = await world.deployer.plan(world.input(app(), { settings, parameters }));
    expect(linesOf(plan)).toEqual([
      "update role shop-dev-orders-function-role-eu-central-1",
      "create event source mapping shop-dev-orders-function-mapping",
      "update role shop-dev-orders-function-role-eu-central-1",
      "delete event source mapping of shop-dev-orders",
    ]);
    await world.run(plan);
    expect([...world.lambda.mappings.values()]).toMatchObject([{ EventSourceArn: `${SOURCE}-2` }]);
  });

  it("lets the code before keep its rights until nothing uses them", async () => {
    await using world = await startWorld();
    await deploy(world);
    const statements = () => {
      const role = world.iam.roles.get("shop-dev-orders-function-role-eu-central-1");
      return JSON.parse(role?.policies.get("least-privilege") ?? "{}").Statement as { Resource: string[] }[];
    };
    const plan = await world.deployer.plan(
      world.input(app(), { settings, parameters: { OrdersQueueArn: `${SOURCE}-2` } }),
    );
    const [widen, , narrow] = plan.waves.flat().filter(({ action }) => action !== "keep");
    await widen?.run?.(() => undefined);
    const used = () =>
      statements().flatMap(({ Resource }) => Resource.filter((arn) => arn.includes(":sqs:")));
    expect(used()).toEqual([`${SOURCE}-2`, SOURCE]);
    await narrow?.run?.(() => undefined);
    expect(used()).toEqual([`${SOURCE}-2`]);
  });

  it("makes again what is missing, and leaves the rest", async () => {
    await using world = await startWorld();
    await deploy(world);
    world.iam.roles.delete("shop-dev-hello-function-role-eu-central-1");
    expect(await deploy(world)).toEqual(["iam CreateRole", "iam PutRolePolicy"]);
    expect(await deploy(world)).toEqual([]);
  });

  it("refuses a zip that Lambda does not take", async () => {
    await using world = await startWorld();
    const vat = defineFunction({ trigger: direct(), handler });
    const input = world.input({ vat: [vat, "x".repeat(50 * 1024 * 1024 + 1)] });
    await expect(world.deployer.plan(input)).rejects.toThrow(/"vat".* 51 MiB, and Lambda takes 50/);
  });
});
