import { changesOf, type Plan } from "@anyfn/build";
import { http, queue, schedule, storage } from "@anyfn/core";
import { expect, test } from "vitest";
import { PROJECT, REGION } from "../../../../test/support/google-service-state.ts";
import { createStage, type GoogleStage } from "../../../../test/support/google-stage.ts";

const TRIGGERS = {
  "get-order": http.get("/orders"),
  fulfil: queue("orders"),
  nightly: schedule("0 0 * * *"),
  clean: storage("uploads", { on: ["created", "deleted"] }),
};
const SETTINGS = {
  create: true,
  logRetentionDays: 7,
  parameters: { storage_uploads_location: "eu" },
  functions: {
    fulfil: {
      permissions: [
        { role: "roles/storage.objectViewer", on: "//storage.googleapis.com/projects/_/buckets/labels" },
      ],
    },
  },
};
const start = async (): Promise<GoogleStage> => {
  const stage = await createStage(TRIGGERS, SETTINGS);
  stage.google.state.resources.set("storage/b/labels", { name: "labels" });
  return stage;
};
const remove = async (stage: GoogleStage): Promise<Plan> =>
  stage.carryOut(stage.deployer.planRemoval(await stage.input()));
const keys = ({ google }: GoogleStage): readonly string[] => [...google.state.resources.keys()].sort();

test("removal deletes all that deployments made, in an order that works, and nothing else", async () => {
  await using stage = await start();
  const foreign = `pubsub/projects/${PROJECT}/topics/shop-dev-of-somebody`;
  stage.google.state.resources.set(foreign, { name: foreign.slice("pubsub/".length), labels: { team: "a" } });
  stage.set({ stage: "prod" });
  await stage.deploy();
  const before = keys(stage);
  const policies = JSON.stringify([...stage.google.state.policies.values()].map(({ bindings }) => bindings));
  stage.set({ stage: "dev" });
  await stage.deploy();
  expect(keys(stage).length).toBeGreaterThan(before.length);
  const enabled = [...stage.google.state.enabled];
  const plan = await remove(stage);
  const bucket = `logging/projects/${PROJECT}/locations/${REGION}/buckets/shop-dev--functions`;
  // Google keeps a deleted bucket of logs for a week.
  expect(stage.google.state.resources.get(bucket)?.lifecycleState).toBe("DELETE_REQUESTED");
  expect(keys(stage).filter((key) => key !== bucket)).toEqual(before);
  expect(JSON.stringify([...stage.google.state.policies.values()].map(({ bindings }) => bindings))).toBe(
    policies,
  );
  expect([...stage.google.state.enabled]).toEqual(enabled);
  const kinds = changesOf(plan).map(({ kind }) => kind);
  expect(kinds.indexOf("subscription")).toBeLessThan(kinds.indexOf("function"));
  expect(kinds.lastIndexOf("right")).toBeLessThan(kinds.indexOf("service account"));
  expect(plan.waves.at(-1)).toEqual([
    {
      action: "keep",
      kind: "API",
      name: "all of the project",
      details: ["stay enabled: others may need them"],
    },
  ]);
  expect(changesOf(await stage.deployer.planRemoval(await stage.input()))).toEqual([]);
});

test("removal of one function leaves the others complete", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.set({ only: ["fulfil"] });
  const plan = await remove(stage);
  expect(changesOf(plan).every(({ name }) => name.includes("fulfil"))).toBe(true);
  expect(keys(stage).filter((key) => key.includes("fulfil"))).toEqual([]);
  const { fulfil: _fulfil, ...triggers } = TRIGGERS;
  stage.set({ only: undefined, triggers, settings: stage.settings({ ...SETTINGS, functions: {} }) });
  const left = changesOf(await stage.plan()).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
  expect(left).toEqual([
    "update log sink shop-dev--functions",
    "update log exclusion shop-dev--functions",
    "delete topic shop-dev-orders",
  ]);
});

test("needs no parameters, and none of what was declared", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.set({ triggers: {}, settings: stage.settings({}) });
  await remove(stage);
  expect(keys(stage).filter((key) => key.includes("shop-dev") && !key.includes("/buckets/"))).toEqual([]);
});

test("a bucket with objects is not deleted, and the rest is gone already", async () => {
  await using stage = await start();
  await stage.deploy();
  const key = `storage/b/${PROJECT}-shop-dev-uploads`;
  stage.google.state.resources.set(key, { ...stage.google.state.resources.get(key), objects: 1 });
  await expect(remove(stage)).rejects.toThrow(
    /not empty\. Its objects are yours to delete: gcloud storage rm/,
  );
  stage.google.state.resources.set(key, { ...stage.google.state.resources.get(key), objects: 0 });
  const plan = await remove(stage);
  expect(changesOf(plan).map(({ kind }) => kind)).toEqual(["bucket"]);
});

test("what fails in between is gone on with", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.google.state.failOperation = (verb) =>
    verb === "delete" ? { code: 13, message: "Internal." } : undefined;
  await expect(remove(stage)).rejects.toThrow("INTERNAL: Internal. Run the same command again.");
  stage.google.state.failOperation = undefined;
  await remove(stage);
  expect(keys(stage).filter((key) => key.includes("shop-dev") && !key.includes("/buckets/"))).toEqual([]);
});
