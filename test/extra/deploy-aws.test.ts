import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { ApiGatewayV2 } from "@aws-sdk/client-apigatewayv2";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { Scheduler } from "@aws-sdk/client-scheduler";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonError } from "../support/aws-service.ts";
import { type RecordingServer, startRecordingServer } from "../support/recording-server.ts";

const { status } = spawnSync("moto_server", ["--help"]);
const root = join(import.meta.dirname, "../..");
const CREDENTIALS = { accessKeyId: "testing", secretAccessKey: "testing" };

const SOURCE = `
import { bus, changes, defineFunction, direct, http, queue, schedule, storage, stream, topic } from "@anyfn/core";

const handler = () => undefined;
export const hello = defineFunction({ trigger: http.get("/hello/{name}"), handler: () => "one" });
export const report = defineFunction({ trigger: http.get("/report"), timeout: 300, handler });
export const orders = defineFunction({ trigger: queue("orders"), handler });
export const parcels = defineFunction({ trigger: queue("parcels"), handler });
export const ship = defineFunction({ trigger: topic("shipments"), handler });
export const audit = defineFunction({ trigger: topic("audits"), handler });
export const nightly = defineFunction({ trigger: schedule("0 2 * * *", { timeZone: "Europe/Berlin" }), handler });
export const hourly = defineFunction({ trigger: schedule("0 * * * *"), handler });
export const resize = defineFunction({ trigger: storage("images", { prefix: "raw/" }), handler });
export const forget = defineFunction({ trigger: storage("papers"), handler });
export const onCustomer = defineFunction({ trigger: changes("customers"), handler });
export const onClick = defineFunction({ trigger: stream("clicks"), handler });
export const onOrder = defineFunction({ trigger: bus("shop", { types: ["order.placed"] }), handler });
export const vat = defineFunction({ trigger: direct(), handler });
`;

const CONFIG = `
import { defineConfig } from "anyfn";

const functions = {
  parcels: { source: "sqs-fifo" },
  audit: { source: "sns-sqs" },
  hourly: { source: "rule" },
  forget: { source: "s3" },
};
const aws = { create: true, functions, environment: { TOKEN: "hidden" } };
export default defineConfig({ name: "shop", functions: ["functions.ts"], targets: { aws } });
`;

/** The emulator of AWS by the authors of moto. Installed with `pip install moto[server]`. */
describe("a deployment to moto", () => {
  it("is tried, or said to be missing", () => {
    if (status !== 0)
      console.warn("moto_server is missing, so that nothing is deployed: pip install moto[server]");
    expect([0, null]).toContain(status);
  });
  if (status !== 0) return;

  const folder = mkdtempSync(join(tmpdir(), "anyfn-moto-"));
  let moto: ChildProcess;
  let server: RecordingServer;
  beforeAll(async () => {
    const port = await freePort();
    moto = spawn("moto_server", ["-p", String(port)], { stdio: "ignore" });
    const url = `http://127.0.0.1:${port}`;
    await reachable(url);
    await fetch(`${url}/moto-api/config`, { method: "POST", body: '{"lambda":{"use_docker":false}}' });
    server = await startProxy(url);
    mkdirSync(folder, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{"name":"shop","type":"module","private":true}');
    writeFileSync(join(folder, "anyfn.config.ts"), CONFIG);
    writeFileSync(join(folder, "functions.ts"), SOURCE);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    moto.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const anyfn = async (...args: string[]) => {
    const { length } = server.requests;
    const main = join(root, "packages/cli/dist/main.js");
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    };
    const options = { cwd: folder, env };
    const run = promisify(execFile)(process.execPath, [main, ...args, "--target", "aws"], options);
    const { stdout, stderr, code = 0 } = await run.catch((error) => error);
    const text = `${stdout}${stderr}`;
    expect(text).not.toContain("hidden");
    const puts = server.requests
      .slice(length)
      .filter(({ method }) => method === "PUT")
      .map(({ url }) => url);
    return { code, text, puts };
  };
  const parameter = ["--parameter", "PapersBucketName=shop-papers"];
  const deploy = () => anyfn("deploy", ...parameter);
  const change = (text: string) => writeFileSync(join(folder, "functions.ts"), SOURCE.replace('"one"', text));
  const clients = () => ({ endpoint: server.url, region: "eu-central-1", credentials: CREDENTIALS });
  const version = async (name: string) => {
    const alias = await new Lambda(clients()).getAlias({ FunctionName: `shop-dev-${name}`, Name: "live" });
    return alias.FunctionVersion;
  };

  it("names what is missing", async () => {
    const { code, text } = await anyfn("deploy");
    expect(text).toContain("PapersBucketName: Name of the bucket");
    expect(code).not.toBe(0);
  });

  it("makes everything, and nothing the second time", async () => {
    const { code, text } = await deploy();
    expect(text).toMatch(/Made \d+ changes/);
    expect(text).toMatch(/hello +https:\/\/.+\.execute-api\.eu-central-1\.amazonaws\.com\/hello\/\{name\}/);
    expect(code).toBe(0);
    expect((await deploy()).text).toContain("Nothing to do");
  });

  it("brings one changed line to one function", async () => {
    change('"two"');
    const { text, puts } = await deploy();
    expect(text).toMatch(/2 to update, \d+ kept/);
    expect(puts).toEqual([
      "/2015-03-31/functions/shop-dev-hello/code",
      "/2015-03-31/functions/shop-dev-hello/aliases/live",
    ]);
    expect(await version("hello")).toBe("2");
  });

  it("leaves what served when a step fails, and goes on from there", async () => {
    change('"three"');
    const answer = jsonError(403, "AccessDeniedException", "not authorized to perform lambda:UpdateAlias");
    server.failWith({ when: ({ method, url }) => method === "PUT" && url.endsWith("aliases/live"), answer });
    const { code, text } = await deploy();
    expect(text).toContain("What served before serves as it did");
    expect(code).not.toBe(0);
    expect(await version("hello")).toBe("2");
    server.recover();
    expect((await deploy()).code).toBe(0);
    expect(await version("hello")).toBe("3");
  });

  it("goes back to the version before", async () => {
    expect((await anyfn("rollback")).text).toContain("version: 3 → 2");
    expect([await version("hello"), await version("vat")]).toEqual(["2", "1"]);
  });

  it("calls a function, and reads its log", async () => {
    expect((await anyfn("invoke", "vat", "--data", '{"net":100}')).text).toContain('{"net":100}');
    const logs = new CloudWatchLogs(clients());
    const stream = { logGroupName: "/aws/lambda/shop-dev-vat", logStreamName: "one" };
    await logs.createLogStream(stream);
    await logs.putLogEvents({ ...stream, logEvents: [{ timestamp: Date.now(), message: "net is 100" }] });
    expect((await anyfn("logs", "vat")).text).toContain("net is 100");
  });

  it("loses what is no longer declared", async () => {
    const kept = readFileSync(join(folder, "functions.ts"), "utf8").replace(/export const hourly.*\n/, "");
    writeFileSync(join(folder, "functions.ts"), kept);
    writeFileSync(join(folder, "anyfn.config.ts"), CONFIG.replace(/ {2}hourly.*\n/, ""));
    expect((await deploy()).text).toMatch(/deleted function shop-dev-hourly/);
    expect((await deploy()).text).toContain("Nothing to do");
  });

  it("leaves nothing behind, and what is not its own", async () => {
    await new SQS(clients()).createQueue({ QueueName: "shop-dev-of-others" });
    expect((await anyfn("remove", "--yes")).code).toBe(0);
    const [lambda, config] = [new Lambda(clients()), clients()];
    const left = {
      functions: (await lambda.listFunctions({})).Functions,
      mappings: (await lambda.listEventSourceMappings({})).EventSourceMappings,
      roles: (await new IAM(config).listRoles({})).Roles,
      logs: (await new CloudWatchLogs(config).describeLogGroups({})).logGroups,
      apis: (await new ApiGatewayV2(config).getApis({})).Items,
      queues: (await new SQS(config).listQueues({})).QueueUrls?.map((url) => url.replace(/^.*\//, "")),
      topics: (await new SNS(config).listTopics({})).Topics,
      buckets: (await new S3(config).listBuckets({})).Buckets,
      tables: (await new DynamoDB(config).listTables({})).TableNames,
      rules: (await new EventBridge(config).listRules({})).Rules,
      buses: (await new EventBridge(config).listEventBuses({})).EventBuses?.map(({ Name }) => Name),
      schedules: (await new Scheduler(config).listSchedules({})).Schedules,
    };
    const nothing = Object.fromEntries(Object.keys(left).map((name) => [name, []]));
    expect({ ...left, buckets: left.buckets ?? [] }).toEqual({
      ...nothing,
      queues: ["shop-dev-of-others"],
      buses: ["default"],
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The emulator takes seconds to start, and says nothing when it has. */
async function reachable(url: string): Promise<void> {
  const isThere = () =>
    fetch(`${url}/moto-api/data.json`).then(
      () => true,
      () => false,
    );
  for (let tries = 0; tries < 100 && !(await isThere()); tries++) await setTimeout(200);
}

/** Stands before the emulator, so that requests are seen and can be made to fail. */
function startProxy(url: string): Promise<RecordingServer> {
  return startRecordingServer(async ({ method, url: path, headers, body }) => {
    const { connection: _connection, "transfer-encoding": _encoding, expect: _expect, ...rest } = headers;
    const given = Object.entries(rest).map(([name, value]) => [name, String(value)]);
    const content = method === "GET" || method === "HEAD" ? null : Uint8Array.from(body);
    const answer = await fetch(url + path, { method, headers: Object.fromEntries(given), body: content });
    const {
      "content-length": _length,
      "content-encoding": _content,
      ...kept
    } = Object.fromEntries(answer.headers);
    return { status: answer.status, headers: kept, body: Buffer.from(await answer.arrayBuffer()) };
  });
}
