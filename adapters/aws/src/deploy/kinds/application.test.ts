import { describe, expect, it } from "vitest";
import { CREATING, DEFINITIONS, REST } from "../../build/_testing.ts";
import type { AwsSettings } from "../../build/settings.ts";
import { type Functions, linesOf, startWorld, type World } from "../_testing.ts";
import { createStubs, type Stubs } from "./_testing.ts";

const functions: Functions = Object.fromEntries(
  Object.entries(DEFINITIONS).map(([name, definition]) => [name, [definition, name] as const]),
);
const queue = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:${name}`;
const topic = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;

/** What the parameters name; nothing of it is the stage's but the bucket of papers. */
const parameters = {
  AuditsTopicArn: topic("audits"),
  BooksQueueArn: queue("books"),
  ClicksStreamArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/clicks",
  CustomersTableStreamArn: "arn:aws:dynamodb:eu-central-1:123456789012:table/customers/stream/1",
  ImagesBucketName: "the-images",
  LogsLogGroupName: "the-logs",
  OrdersQueueArn: queue("orders.fifo"),
  PapersBucketName: "the-papers",
  PaymentsQueueArn: queue("payments"),
  ShipmentsTopicArn: topic("shipments"),
  ShopBusName: "the-bus",
  UploadsTopicArn: topic("uploads"),
};

/** Everything that is there, by service; and what others have made before. */
async function start() {
  const stubs = createStubs();
  const { iam: _, logs: __, ...services } = stubs;
  const world = await startWorld(Object.values(services));
  const { apiGateway, dynamodb, events, kinesis, s3, scheduler, sns, sqs } = stubs;
  addOthers(stubs, world);
  const inventory = () => ({
    functions: [...world.lambda.functions.keys()],
    mappings: [...world.lambda.mappings.keys()],
    roles: [...world.iam.roles.keys()],
    groups: [...world.logs.groups].map(([name, { filters }]) => [name, ...filters.keys()]),
    apis: [...apiGateway.httpApis.keys(), ...apiGateway.restApis.keys()],
    buses: [...events.buses].map(([name, { rules }]) => [name, ...rules.keys()]),
    schedules: [...scheduler.schedules.keys()],
    topics: [...sns.topics.keys()],
    subscriptions: [...sns.subscriptions.keys()],
    data: [...sqs.queues.keys(), ...dynamodb.held.keys(), ...kinesis.held.keys(), ...s3.buckets.keys()],
  });
  return { world, stubs, inventory };
}

/** What others have made: where the parameters say, and with names that begin as the stage's do. */
function addOthers({ apiGateway, events, scheduler, sns, sqs, s3 }: Stubs, { logs, lambda }: World): void {
  const others = { "anyfn:app": "shop", "anyfn:stage": "dev-2" };
  const endpoint = "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev-2-on-log:live";
  const rules = () => new Map([["shop-dev-2-rule", { rule: { Tags: [] }, targets: new Map() }]]);
  const own = endpoint.replace("shop-dev-2-", "shop-dev-");
  const filters = new Map<string, Readonly<Record<string, unknown>>>([
    ["shop-dev-2-filter", { filterName: "shop-dev-2-filter", destinationArn: endpoint }],
    ["by-hand", { filterName: "by-hand", destinationArn: own }],
  ]);
  logs.groups.set("the-logs", { tags: {}, days: undefined, filters, events: [] });
  logs.groups.set("/aws/lambda/shop-dev-2", { tags: others, days: 1, filters: new Map(), events: [] });
  events.buses.set("default", { tags: [], rules: rules() });
  events.buses.set("the-bus", { tags: [], rules: rules() });
  scheduler.schedules.set("shop-dev-2-schedule", { Description: "anyfn shop/dev-2 x" });
  for (const name of ["audits", "shipments", "uploads", "shop-dev-2-topic"]) {
    sns.topics.set(topic(name), { tags: [] });
  }
  const subscription = { SubscriptionArn: "theirs", TopicArn: topic("shipments"), Protocol: "lambda" };
  sns.subscriptions.set("theirs", { ...subscription, Endpoint: endpoint });
  sqs.queues.set("shop-dev-2-queue", { attributes: { Policy: '{"Statement":[]}' }, tags: others });
  s3.buckets.set("shop-dev-2", new Map());
  apiGateway.httpApis.set("theirs", {
    api: { apiId: "theirs", name: "shop-dev", tags: others },
    parts: new Map(),
  });
  apiGateway.restApis.set("theirs", { api: { id: "theirs", name: "shop-dev" }, parts: new Map() });
  const nothing = { versions: new Map(), aliases: new Map(), statements: new Map() };
  const latest = { FunctionName: "shop-dev-2-on-log", FunctionArn: endpoint.replace(":live", "") };
  lambda.functions.set("shop-dev-2-on-log", { latest, tags: others, ...nothing });
}

const CASES: readonly [string, AwsSettings][] = [
  ["everything is created", CREATING],
  ["everything is there already, and the API is a REST API", REST],
];

describe.each(CASES)("an application of all triggers, where %s", (_name, settings) => {
  it("is there after one deployment, and the next one writes nothing", async () => {
    const { world } = await start();
    await using _world = world;
    await world.deploy(functions, { settings, parameters });
    const plan = await world.deployer.plan(world.input(functions, { settings, parameters }));
    expect(linesOf(plan)).toEqual([]);
    expect(plan.waves.flat().length).toBeGreaterThan(100);
  });

  it("leaves nothing behind, and what others have made as it was", async () => {
    const { world, inventory } = await start();
    await using _world = world;
    const before = inventory();
    await world.deploy(functions, { settings, parameters });
    expect(inventory()).not.toEqual(before);
    await world.run(await world.deployer.planRemoval(world.input(functions, { settings, parameters })));
    expect(inventory()).toEqual(before);
  });

  it("loses the parts of functions that are gone, and nothing else", async () => {
    const { world, inventory } = await start();
    await using _world = world;
    await world.deploy({ "get-item": functions["get-item"] as Functions[string] }, { settings, parameters });
    const before = inventory();
    await world.deploy(functions, { settings, parameters });
    const one = { "get-item": functions["get-item"] as Functions[string] };
    await world.deploy(one, { settings: { ...settings, create: false }, parameters });
    const { data: _data, ...after } = inventory();
    const { data: _none, ...rest } = before;
    expect(after).toEqual(rest);
  });
});

describe("what others have made by a name of ours", () => {
  const settings = CREATING;
  it.each<[string, (stubs: Stubs) => unknown]>([
    [
      "queue shop-dev-payments-queue",
      ({ sqs }) => sqs.queues.set("shop-dev-payments-queue", { attributes: {}, tags: {} }),
    ],
    [
      "topic shop-dev-shipments-topic",
      ({ sns }) => sns.topics.set(topic("shop-dev-shipments-topic"), { tags: [] }),
    ],
    [
      "event bus shop-dev-ShopBus",
      ({ events }) => events.buses.set("shop-dev-ShopBus", { tags: [], rules: new Map() }),
    ],
    ["bucket the-papers", ({ s3 }) => s3.buckets.set("the-papers", new Map())],
    [
      "schedule shop-dev-nightly-function-schedule",
      ({ scheduler }) =>
        scheduler.schedules.set("shop-dev-nightly-function-schedule", { Description: "mine" }),
    ],
    [
      "stream shop-dev-clicks-stream",
      ({ kinesis }) =>
        kinesis.held.set("shop-dev-clicks-stream", { description: {}, tags: {}, isBusy: false, items: [] }),
    ],
  ])("is left alone, and the deployment says so: %s", async (what, add) => {
    const { world, stubs } = await start();
    await using _world = world;
    add(stubs);
    await expect(world.deploy(functions, { settings, parameters })).rejects.toThrow(
      `There is a ${what} already, which this application and stage did not make.`,
    );
    expect(world.server.writes()).toEqual([]);
  });
});

describe("what holds data", () => {
  it("stays when the stage is removed, and is taken over by the next deployment", async () => {
    const { world, stubs, inventory } = await start();
    await using _world = world;
    const settings = CREATING;
    await world.deploy(functions, { settings, parameters });
    const { dynamodb, kinesis, s3, sqs } = stubs;
    for (const held of [...dynamodb.held.values(), ...kinesis.held.values()]) held.items = [{}];
    for (const bucket of s3.buckets.values()) bucket.set("object", "");
    for (const one of sqs.queues.values()) {
      one.attributes = { ...one.attributes, ApproximateNumberOfMessages: "1" };
    }
    const { data } = inventory();
    const plan = await world.deployer.planRemoval(world.input(functions, { settings, parameters }));
    await world.run(plan);
    const own = /dead-letters$|function-queue/;
    const kept = data.filter((name) => !own.test(name) || /^shop-dev-(?:orders|payments)-queue/.test(name));
    expect(inventory().data.sort()).toEqual(kept.sort());
    const keeps = plan.waves.flat().filter(({ action }) => action === "keep");
    expect(keeps.map(({ name }) => name).sort()).toEqual(
      kept.filter((name) => !name.startsWith("shop-dev-2")),
    );
    expect(keeps[0]?.details).toEqual(["holds data, which only you may delete"]);
    await world.deploy(functions, { settings, parameters });
    expect(await world.deploy(functions, { settings, parameters })).toEqual([]);
  });

  it("is kept when it came after the plan", async () => {
    const { world, stubs } = await start();
    await using _world = world;
    const settings = CREATING;
    await world.deploy(functions, { settings, parameters });
    const plan = await world.deployer.planRemoval(world.input(functions, { settings, parameters }));
    for (const bucket of stubs.s3.buckets.values()) bucket.set("object", "");
    await expect(world.run(plan)).rejects.toThrow(/The bucket shop-dev-\S+ was empty, and now holds data/);
    expect(stubs.s3.buckets.size).toBeGreaterThan(0);
  });

  it("is never made anew, which would delete it", async () => {
    const { world } = await start();
    await using _world = world;
    const settings = CREATING;
    await world.deploy(functions, { settings, parameters });
    const other = { ...parameters, CustomersTablePartitionKey: "other" };
    await expect(
      world.deployer.plan(world.input(functions, { settings, parameters: other })),
    ).rejects.toThrow("The table shop-dev-customers-table holds data");
  });
});
