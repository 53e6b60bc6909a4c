import { changesOf, type Plan } from "@anyfn/build";
import { bus, changes, direct, http, queue, schedule, storage, stream, topic } from "@anyfn/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NUMBER, PROJECT, REGION } from "../../../../test/support/google-service-state.ts";
import type { Json } from "../../../../test/support/google-service-types.ts";
import { createStage, type GoogleStage } from "../../../../test/support/google-stage.ts";

/** A function of every trigger, and of each way in which events can arrive. */
const TRIGGERS = {
  "get-order": http.get("/orders"),
  fulfil: queue("orders"),
  tell: topic("news"),
  shout: topic("loud"),
  count: stream("clicks"),
  nightly: schedule("30 2 * * *"),
  resize: storage("images"),
  clean: storage("uploads", { on: ["created", "deleted"] }),
  index: changes("users"),
  watch: bus("audit", { types: ["google.cloud.audit.log.v1.written"] }),
  hear: bus("everything"),
  add: direct(),
};
const SETTINGS = {
  create: true,
  topics: { loud: { source: "push" } },
  logRetentionDays: 7,
  buses: { audit: { filters: { serviceName: "storage.googleapis.com" } } },
  parameters: {
    storage_images_location: "eu",
    storage_uploads_location: "eu",
    changes_users_location: "eur3",
    bus_everything_types: "com.example.a, com.example.b",
  },
  functions: {
    add: { invokers: ["serviceAccount:Flow@other.iam.gserviceaccount.com"] },
    fulfil: {
      permissions: [
        { role: "roles/storage.objectViewer", on: "//storage.googleapis.com/projects/_/buckets/labels" },
        { role: "roles/bigquery.dataViewer", on: "//bigquery.googleapis.com/projects/-/datasets/sales" },
        { role: "roles/datastore.user", on: "//cloudresourcemanager.googleapis.com/projects/-" },
        {
          role: "roles/cloudtasks.enqueuer",
          on: `//cloudtasks.googleapis.com/projects/-/locations/${REGION}/queues/later`,
        },
      ],
    },
  },
};
const PARENT = `projects/${PROJECT}/locations/${REGION}`;
const FOREIGN = {
  "storage/b/labels": { name: "labels", location: "EU" },
  [`bigquery/projects/${PROJECT}/datasets/sales`]: {
    etag: "e0",
    access: [{ role: "OWNER", userByEmail: "ada@example.com" }],
  },
  [`cloudtasks/${PARENT}/queues/later`]: { name: `${PARENT}/queues/later` },
};
const lines = (plan: Plan): readonly string[] =>
  changesOf(plan).map(({ action, kind, name, details }) =>
    [`${action} ${kind} ${name}`, ...details].join(": "),
  );

let stage: GoogleStage;
const resource = (key: string): Json => stage.google.state.resources.get(key) ?? {};
beforeAll(async () => {
  stage = await createStage(TRIGGERS, SETTINGS);
  for (const [key, body] of Object.entries(FOREIGN)) stage.google.state.resources.set(key, body);
  for (const service of ["bigquery", "cloudtasks"]) stage.google.state.enabled.add(service);
  await stage.deploy();
  stage.google.writes();
});
afterAll(() => stage[Symbol.asyncDispose]());
/** Takes back what a test declared otherwise. */
afterEach(async () => {
  stage.set({ triggers: TRIGGERS, settings: stage.settings(SETTINGS), parameters: {} });
  await stage.deploy();
});

describe("an application of every trigger", () => {
  it("is complete after one deployment, and kept by the next", async () => {
    expect(lines(await stage.deploy())).toEqual([]);
    expect(stage.google.writes()).toEqual([]);
    expect(resource(`cloudscheduler/${PARENT}/jobs/shop-dev-nightly`)).toMatchObject({
      schedule: "30 2 * * *",
      timeZone: "UTC",
      attemptDeadline: "30s",
      retryConfig: { retryCount: 3, minBackoffDuration: "5s", maxBackoffDuration: "300s", maxDoublings: 5 },
      httpTarget: { httpMethod: "POST" },
    });
    const triggers = [...stage.google.state.resources].filter(([key]) => key.includes("/triggers/"));
    expect(triggers).toHaveLength(4);
    const filters = triggers.map(([, { eventFilters }]) => eventFilters as readonly Json[]);
    expect(
      filters
        .flat()
        .filter(({ attribute }) => attribute === "type")
        .map(({ value }) => value)
        .sort(),
    ).toEqual([
      "com.example.a",
      "com.example.b",
      "google.cloud.storage.object.v1.deleted",
      "google.cloud.storage.object.v1.finalized",
    ]);
    expect(resource(`cloudfunctions/${PARENT}/functions/shop-dev-index`).eventTrigger).toMatchObject({
      eventType: "google.cloud.firestore.document.v1.written",
      triggerRegion: "eur3",
      retryPolicy: "RETRY_POLICY_RETRY",
    });
    expect(resource(`storage/b/${PROJECT}-shop-dev-images`)).toMatchObject({
      location: "EU",
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: "enforced" },
    });
    expect(resource(`logging/projects/${PROJECT}/sinks/shop-dev--functions`).filter).toContain(
      '"shop-dev-add"',
    );
  });

  it("has the rights that were declared, beside those that were there", async () => {
    const member = `serviceAccount:shop-dev-fulfil@${PROJECT}.iam.gserviceaccount.com`;
    expect(stage.google.state.policies.get("storage/b/labels")?.bindings).toEqual([
      { role: "roles/storage.objectViewer", members: [member] },
    ]);
    expect(resource(`bigquery/projects/${PROJECT}/datasets/sales`).access).toEqual([
      { role: "OWNER", userByEmail: "ada@example.com" },
      { role: "READER", userByEmail: member.slice("serviceAccount:".length) },
    ]);
    const project = stage.google.state.policies.get(`cloudresourcemanager/projects/${PROJECT}`) ?? {};
    expect(project.version).toBe(3);
    expect(project.bindings).toContainEqual({ role: "roles/datastore.user", members: [member] });
    expect(project.bindings).toContainEqual({
      role: "roles/storage.objectViewer",
      members: [`serviceAccount:shop-dev--build@${PROJECT}.iam.gserviceaccount.com`],
      condition: expect.objectContaining({
        expression: expect.stringContaining(`gcf-v2-sources-${NUMBER}-${REGION}`),
      }),
    });
  });

  it("gives a right on the project back when it is no longer declared", async () => {
    const { functions: _functions, ...settings } = SETTINGS;
    stage.set({ settings: stage.settings(settings) });
    const plan = await stage.deploy();
    expect(lines(plan)).toEqual([
      `delete right roles/datastore.user on ${PROJECT} for serviceAccount:shop-dev-fulfil@${PROJECT}.iam.gserviceaccount.com`,
    ]);
    expect(lines(await stage.plan())).toEqual([]);
  });
});

describe("what was changed by hand", () => {
  const cases: readonly (readonly [string, Json, string])[] = [
    [
      `pubsub/projects/${PROJECT}/subscriptions/shop-dev-count`,
      { ackDeadlineSeconds: 10, deadLetterPolicy: undefined },
      "update subscription shop-dev-count: ackDeadlineSeconds: 10 → 40: deadLetterPolicy: changed",
    ],
    [
      `pubsub/projects/${PROJECT}/subscriptions/shop-dev-shout`,
      { expirationPolicy: { ttl: "2678400s" } },
      "update subscription shop-dev-shout: expirationPolicy: changed",
    ],
    [
      `iam/projects/${PROJECT}/serviceAccounts/shop-dev-add@${PROJECT}.iam.gserviceaccount.com`,
      { displayName: "Adder" },
      `update service account shop-dev-add@${PROJECT}.iam.gserviceaccount.com: displayName: Adder → shop-dev: add`,
    ],
    [
      `artifactregistry/${PARENT}/repositories/shop-dev--functions`,
      { cleanupPolicies: {} },
      "update image repository shop-dev--functions: keep-latest: changed: delete-old: changed",
    ],
    [
      `cloudscheduler/${PARENT}/jobs/shop-dev-nightly`,
      { schedule: "0 0 * * *" },
      "update schedule shop-dev-nightly: schedule: 0 0 * * * → 30 2 * * *",
    ],
    [
      `logging/${PARENT}/buckets/shop-dev--functions`,
      { retentionDays: 30 },
      "update log bucket shop-dev--functions: retentionDays: 30 → 7",
    ],
    [
      `logging/projects/${PROJECT}/sinks/shop-dev--functions`,
      { filter: "severity>=ERROR" },
      "update log sink shop-dev--functions: filter: changed",
    ],
    [
      `logging/projects/${PROJECT}/exclusions/shop-dev--functions`,
      { filter: "severity>=ERROR" },
      "update log exclusion shop-dev--functions: filter: changed",
    ],
    [
      `storage/b/${PROJECT}-shop-dev-images`,
      { iamConfiguration: { publicAccessPrevention: "inherited" } },
      `update bucket ${PROJECT}-shop-dev-images: uniformBucketLevelAccess: changed: publicAccessPrevention: inherited → enforced`,
    ],
  ];
  it("is put right, and told as it is", async () => {
    for (const [key, change] of cases) stage.google.state.resources.set(key, { ...resource(key), ...change });
    const expected = cases.map(([, , line]) => line);
    expect([...lines(await stage.deploy())].sort()).toEqual([...expected].sort());
    expect(lines(await stage.plan())).toEqual([]);
  });

  it("is replaced where it cannot be changed, with all that belonged to it", async () => {
    const key = `pubsub/projects/${PROJECT}/subscriptions/shop-dev-count`;
    stage.google.state.resources.set(key, { ...resource(key), topic: "_deleted-topic_" });
    const plan = await stage.deploy();
    expect(changesOf(plan).map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      "replace subscription",
      "create right",
    ]);
    expect(lines(await stage.plan())).toEqual([]);
  });

  it("with another trigger is another function under the same name", async () => {
    stage.set({
      triggers: { ...TRIGGERS, tell: storage("papers") },
      parameters: { storage_papers_location: "eu" },
    });
    const plan = await stage.deploy();
    const changed = changesOf(plan).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
    expect(changed).toContain("replace function shop-dev-tell");
    const member = `serviceAccount:shop-dev-tell--trigger@${PROJECT}.iam.gserviceaccount.com`;
    expect(changed).toContain(`create right roles/run.invoker on shop-dev-tell for ${member}`);
    expect(lines(await stage.plan())).toEqual([]);
  });

  it("a log bucket that was deleted is brought back, since its name is taken for a week", async () => {
    const key = `logging/${PARENT}/buckets/shop-dev--functions`;
    stage.google.state.resources.set(key, {
      ...resource(key),
      retentionDays: 30,
      lifecycleState: "DELETE_REQUESTED",
    });
    expect(lines(await stage.deploy())).toEqual(["create log bucket shop-dev--functions"]);
    expect(resource(key)).toMatchObject({ lifecycleState: "ACTIVE", retentionDays: 7 });
  });

  it("is refused where it was made by somebody else", async () => {
    const key = `pubsub/projects/${PROJECT}/topics/shop-dev-orders`;
    const own = resource(key);
    stage.google.state.resources.set(key, { name: key.slice("pubsub/".length) });
    await expect(stage.plan()).rejects.toThrow(
      /There is a topic shop-dev-orders already, which was not made for stage "dev" of "shop" in europe-west1\. Delete/,
    );
    stage.google.state.resources.set(key, own);
  });

  it("a bucket that is no longer declared is kept for what is in it", async () => {
    const { resize: _resize, ...triggers } = TRIGGERS;
    const { storage_images_location: _location, ...parameters } = SETTINGS.parameters;
    stage.set({ triggers, settings: stage.settings({ ...SETTINGS, parameters }) });
    const plan = await stage.deploy();
    expect(
      plan.waves.flat().find(({ kind, details }) => kind === "bucket" && details.length > 0),
    ).toMatchObject({
      action: "keep",
      name: `${PROJECT}-shop-dev-images`,
    });
    expect(resource(`storage/b/${PROJECT}-shop-dev-images`)).not.toEqual({});
  });
});
