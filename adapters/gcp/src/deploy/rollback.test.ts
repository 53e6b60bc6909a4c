import { changesOf, type Plan } from "@anyfn/build";
import { http } from "@anyfn/core";
import { expect, test } from "vitest";
import { servedCode } from "../../../../test/support/google-service-functions.ts";
import { createStage, type GoogleStage } from "../../../../test/support/google-stage.ts";

const start = (): Promise<GoogleStage> => createStage({ first: http.get("/1"), second: http.get("/2") });
const served = ({ google }: GoogleStage): readonly (string | undefined)[] =>
  ["first", "second"].map((name) => servedCode(google.state, `shop-dev-${name}`)?.toString());
const rollBack = async (stage: GoogleStage): Promise<Plan> =>
  stage.carryOut(stage.deployer.planRollback(await stage.input()));

test("the traffic of what the last deployment changed goes back, and forward again", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.set({ code: { first: "1b", second: "2b" } });
  await stage.deploy();
  stage.set({ code: { first: "1c", second: "2b" } });
  await stage.deploy();
  expect(served(stage)).toEqual(["1c", "2b"]);
  stage.google.writes();
  const plan = await rollBack(stage);
  expect(served(stage)).toEqual(["1b", "2b"]);
  expect(changesOf(plan)).toMatchObject([
    {
      action: "update",
      kind: "function",
      name: "shop-dev-first",
      switches: "first",
      details: [
        "revision: shop-dev-first-00003 → shop-dev-first-00002",
        "the next deployment gives the traffic to the latest revision again",
      ],
    },
  ]);
  expect(stage.google.writes()).toEqual([
    expect.stringMatching(/^PATCH \/run\/v2\/.*\/services\/shop-dev-first$/),
  ]);
  await rollBack(stage);
  expect(served(stage)).toEqual(["1c", "2b"]);
});

test("the next deployment serves, whether it has new code or the same", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.set({ code: { first: "1b" } });
  await stage.deploy();
  await rollBack(stage);
  expect(served(stage)).toEqual(["first", "second"]);
  const same = await stage.deploy();
  expect(changesOf(same).map(({ name, details }) => [name, ...details])).toEqual([
    ["shop-dev-first", "traffic: back to the latest revision"],
  ]);
  expect(served(stage)).toEqual(["1b", "second"]);
  await rollBack(stage);
  stage.set({ code: { first: "1c" } });
  await stage.deploy();
  expect(served(stage)).toEqual(["1c", "second"]);
});

test("named functions go back whatever the last deployment changed", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.set({ code: { first: "1b", second: "2b" } });
  await stage.deploy();
  stage.set({ code: { first: "1c", second: "2b" } });
  await stage.deploy();
  stage.set({ only: ["second"] });
  await rollBack(stage);
  expect(served(stage)).toEqual(["1c", "second"]);
});

test("where nothing served before, or nothing is deployed, it says so", async () => {
  await using stage = await start();
  await expect(rollBack(stage)).rejects.toThrow('Nothing is deployed to stage "dev"');
  await stage.deploy();
  await expect(rollBack(stage)).rejects.toThrow("No revision served before: first, second.");
});

test("a failure leaves the traffic where it was", async () => {
  await using stage = await start();
  await stage.deploy();
  stage.set({ code: { first: "1b" } });
  await stage.deploy();
  stage.google.state.failOperation = () => ({ code: 9, message: "The revision is gone." });
  await expect(rollBack(stage)).rejects.toThrow("FAILED_PRECONDITION: The revision is gone.");
  expect(served(stage)).toEqual(["1b", "second"]);
});
