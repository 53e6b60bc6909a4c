import { readFileSync } from "node:fs";
import { changesOf, type Plan } from "@anyfn/build";
import { http, queue } from "@anyfn/core";
import { expect, test } from "vitest";
import { servedCode } from "../../../../test/support/google-service-functions.ts";
import { PROJECT, REGION } from "../../../../test/support/google-service-state.ts";
import type { Json } from "../../../../test/support/google-service-types.ts";
import { createStage, type GoogleStage } from "../../../../test/support/google-stage.ts";
import { INSTALL, installed } from "./_install.ts";

const TRIGGERS = { "get-order": http.get("/orders/{id}"), fulfil: queue("orders") };
const PARENT = `projects/${PROJECT}/locations/${REGION}`;
const lines = (plan: Plan): readonly string[] =>
  changesOf(plan).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
const shop = (settings: object = {}): Promise<GoogleStage> =>
  createStage(TRIGGERS, { create: true, ...settings });
const resource = ({ google }: GoogleStage, key: string): Json => google.state.resources.get(key) ?? {};
const functionOf = (stage: GoogleStage, name: string): Json =>
  resource(stage, `cloudfunctions/${PARENT}/functions/${name}`);

test("the first deployment makes all that the document declares, in the order in which it is needed", async () => {
  await using stage = await shop();
  const plan = await stage.plan();
  expect(plan.place).toBe("project shop-123, europe-west1");
  expect(stage.google.writes()).toEqual([]);
  expect(new Set(changesOf(plan).map(({ action }) => action))).toEqual(new Set(["create"]));
  await stage.carryOut(Promise.resolve(plan));
  const api = (name: string) =>
    `POST /serviceusage/v1/projects/${PROJECT}/services/${name}.googleapis.com:enable`;
  const writes = stage.google.writes();
  const names =
    "artifactregistry cloudbuild cloudfunctions cloudresourcemanager iam logging pubsub run storage";
  expect(writes.slice(0, 9).sort()).toEqual(names.split(" ").map(api));
  const at = (line: string): number => {
    expect(writes).toContain(line);
    return writes.lastIndexOf(line);
  };
  const fn = `POST /v2/${PARENT}/functions`;
  const policy = `POST /run/v2/${PARENT}/services/shop-dev-fulfil:setIamPolicy`;
  const subscription = `PUT /pubsub/v1/projects/${PROJECT}/subscriptions/shop-dev-fulfil`;
  const order = [
    `POST /iam/v1/projects/${PROJECT}/serviceAccounts`,
    `POST /cloudresourcemanager/v3/projects/${PROJECT}:setIamPolicy`,
    fn,
    policy,
    subscription,
    `POST /pubsub/v1/projects/${PROJECT}/subscriptions/shop-dev-fulfil:setIamPolicy`,
  ].map(at);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  // Google takes code by an address of its own: no bucket is made for it.
  expect(writes.filter((line) => line.includes("/storage/"))).toEqual([]);
});

test("a function is sent as it is declared, and its code as a zip without a token", async () => {
  await using stage = await shop({ environment: { TONE: "calm" } });
  await stage.deploy();
  expect(functionOf(stage, "shop-dev-get-order")).toMatchObject({
    environment: "GEN_2",
    labels: {
      "anyfn-app": "shop",
      "anyfn-stage": "dev",
      "anyfn-region": REGION,
      "anyfn-source": expect.stringMatching(/^[\da-f]{63}$/),
      "anyfn-deployment": expect.stringMatching(/^20261121\d{6}$/),
    },
    buildConfig: {
      runtime: "nodejs24",
      entryPoint: "get-order",
      dockerRepository: `${PARENT}/repositories/shop-dev--functions`,
      serviceAccount: `projects/${PROJECT}/serviceAccounts/shop-dev--build@${PROJECT}.iam.gserviceaccount.com`,
    },
    serviceConfig: {
      availableMemory: "512Mi",
      timeoutSeconds: 30,
      serviceAccountEmail: `shop-dev-get-order@${PROJECT}.iam.gserviceaccount.com`,
      ingressSettings: "ALLOW_ALL",
      allTrafficOnLatestRevision: true,
      environmentVariables: {
        TONE: "calm",
        NODE_OPTIONS: "--enable-source-maps",
        GOOGLE_CLOUD_PROJECT: PROJECT,
        CLOUD_RUN_TIMEOUT_SECONDS: "30",
      },
    },
  });
  expect(servedCode(stage.google.state, "shop-dev-get-order")?.toString()).toBe("get-order");
  const upload = stage.google.server.requests.find(
    ({ method, url }) => method === "PUT" && url.startsWith("/upload/"),
  );
  expect(upload?.headers).toMatchObject({ "content-type": "application/zip" });
  expect(upload?.headers.authorization).toBeUndefined();
  expect(stage.told).toContain("building the image");
});

test("a subscription of the stage's own pushes to the function, as the account that may call it", async () => {
  await using stage = await shop();
  await stage.deploy();
  const account = `shop-dev-fulfil--trigger@${PROJECT}.iam.gserviceaccount.com`;
  const uri = (functionOf(stage, "shop-dev-fulfil").serviceConfig as Json).uri;
  expect(resource(stage, `pubsub/projects/${PROJECT}/subscriptions/shop-dev-fulfil`)).toMatchObject({
    topic: `projects/${PROJECT}/topics/shop-dev-orders`,
    ackDeadlineSeconds: 40,
    expirationPolicy: {},
    pushConfig: { pushEndpoint: uri, oidcToken: { serviceAccountEmail: account, audience: uri } },
    labels: { "anyfn-app": "shop", "anyfn-stage": "dev", "anyfn-region": REGION },
  });
  expect(stage.google.state.policies.get(`run/${PARENT}/services/shop-dev-fulfil`)?.bindings).toEqual([
    { role: "roles/run.invoker", members: [`serviceAccount:${account}`] },
  ]);
});

test("the second deployment finds nothing to do, and writes nothing", async () => {
  await using stage = await shop();
  await stage.deploy();
  stage.google.writes();
  const plan = await stage.deploy();
  expect(lines(plan)).toEqual([]);
  expect(plan.waves.flat().every(({ action }) => action === "keep")).toBe(true);
  expect(stage.google.writes()).toEqual([]);
  expect(await plan.addresses()).toEqual([
    { function: "get-order", url: `${stage.google.server.url}/call/shop-dev-get-order` },
  ]);
});

test("one changed line is one function's code and nothing else", async () => {
  await using stage = await shop();
  await stage.deploy();
  stage.google.writes();
  stage.set({ code: { "get-order": "changed" } });
  const plan = await stage.deploy();
  const [change] = changesOf(plan);
  expect(lines(plan)).toEqual(["update function shop-dev-get-order"]);
  expect(change?.switches).toBe("get-order");
  expect(change?.details).toEqual([expect.stringMatching(/^code: [\da-f]{8} → [\da-f]{8}$/)]);
  const path = `/v2/${PARENT}/functions`;
  expect(stage.google.writes()).toEqual([
    `POST ${path}:generateUploadUrl`,
    expect.stringMatching(/^PUT \/upload\//),
    `PATCH ${path}/shop-dev-get-order`,
  ]);
  const update = stage.google.server.requests.findLast(({ method }) => method === "PATCH");
  const mask = new URL(update?.url ?? "", "http://localhost").searchParams.get("updateMask");
  expect(mask?.split(",").sort()).toEqual(["build_config.source", "labels"]);
  expect(servedCode(stage.google.state, "shop-dev-get-order")?.toString()).toBe("changed");
  expect(servedCode(stage.google.state, "shop-dev-fulfil")?.toString()).toBe("fulfil");
});

test("settings are changed without a new build, and values of variables are told to nobody", async () => {
  await using stage = await shop({ environment: { OLD: "secret-1", TONE: "secret-2" } });
  await stage.deploy();
  stage.google.writes();
  const settings = {
    project: PROJECT,
    region: REGION,
    create: true,
    environment: { NEW: "secret-3", TONE: "secret-4" },
  };
  stage.set({ settings, memory: 1024 });
  const plan = await stage.deploy();
  const details = changesOf(plan).map(({ details: words }) => words);
  const words = ["availableMemory: 512Mi → 1024Mi", "environment: +NEW, -OLD, TONE changed"];
  expect(details).toEqual([words, words]);
  expect(JSON.stringify(plan)).not.toContain("secret-");
  expect(stage.google.writes().filter((line) => /upload/i.test(line))).toEqual([]);
  const update = stage.google.server.requests.findLast(({ method }) => method === "PATCH");
  const mask = new URL(update?.url ?? "", "http://localhost").searchParams.get("updateMask");
  expect(mask?.split(",").sort()).toEqual([
    "labels",
    "service_config.available_memory",
    "service_config.environment_variables",
  ]);
  expect(lines(await stage.plan())).toEqual([]);
});

test("what only one function needs is all that is touched with --function", async () => {
  await using stage = await shop();
  stage.set({ only: ["get-order"] });
  await stage.deploy();
  expect(functionOf(stage, "shop-dev-fulfil")).toEqual({});
  expect([...stage.google.state.resources.keys()].filter((key) => key.includes("fulfil"))).toEqual([]);
  stage.set({ only: undefined });
  await stage.deploy();
  stage.set({ only: ["fulfil"], code: { fulfil: "1", "get-order": "1" } });
  expect(lines(await stage.plan())).toEqual(["update function shop-dev-fulfil"]);
  stage.set({ triggers: { fulfil: queue("orders") } });
  expect(lines(await stage.plan())).toEqual(["update function shop-dev-fulfil"]);
});

test("functions that are gone from the source are deleted with all that was theirs", async () => {
  await using stage = await shop();
  await stage.deploy();
  stage.set({ triggers: { "get-order": http.get("/orders") } });
  const plan = await stage.deploy();
  const account = (name: string) => `delete service account ${name}@${PROJECT}.iam.gserviceaccount.com`;
  expect(lines(plan)).toEqual([
    "delete subscription shop-dev-fulfil--dead-letters",
    "delete subscription shop-dev-fulfil",
    "delete function shop-dev-fulfil",
    "delete topic shop-dev-orders",
    "delete topic shop-dev-fulfil--dead-letters",
    account("shop-dev-fulfil"),
    account("shop-dev-fulfil--trigger"),
  ]);
  expect([...stage.google.state.resources.keys()].filter((key) => key.includes("fulfil"))).toEqual([]);
  expect(lines(await stage.plan())).toEqual([]);
});

test("a function that is no longer public stops being so, and callers that others let in stay", async () => {
  await using stage = await shop();
  await stage.deploy();
  const key = `run/${PARENT}/services/shop-dev-get-order`;
  const policy = stage.google.state.policies.get(key) ?? {};
  const members = ["allUsers", "user:ada@example.com"];
  stage.google.state.policies.set(key, { ...policy, bindings: [{ role: "roles/run.invoker", members }] });
  stage.set({ settings: { project: PROJECT, region: REGION, create: true, public: false } });
  const plan = await stage.deploy();
  expect(lines(plan)).toEqual(["delete right roles/run.invoker on shop-dev-get-order for allUsers"]);
  expect(plan.waves.flat()).toContainEqual({
    action: "keep",
    kind: "right",
    name: "roles/run.invoker on shop-dev-get-order for user:ada@example.com",
    details: ["not declared; it was given by somebody else, and stays"],
  });
  expect(stage.google.state.policies.get(key)?.bindings).toEqual([
    { role: "roles/run.invoker", members: ["user:ada@example.com"] },
  ]);
});

test("stages share nothing", async () => {
  await using stage = await shop();
  await stage.deploy();
  stage.set({ stage: "prod" });
  const plan = await stage.deploy();
  const made = changesOf(plan).filter(({ kind }) => kind !== "API");
  expect(made.filter(({ action }) => action !== "create")).toEqual([]);
  expect(made.map(({ name }) => name).filter((name) => name.includes("shop-dev"))).toEqual([]);
  expect(lines(await stage.plan())).toEqual([]);
  stage.set({ stage: "dev" });
  expect(lines(await stage.plan())).toEqual([]);
});

test("a missing client is named with the command that installs it", async () => {
  const specifier = "@google-cloud/no-such-client";
  await expect(installed(() => import(specifier))).rejects.toThrow(INSTALL);
  const { peerDependencies } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { peerDependencies: Record<string, string> };
  for (const name of ["@google-cloud/functions", "google-auth-library"])
    expect(INSTALL).toContain(`${name}@${peerDependencies[name]}`);
});
