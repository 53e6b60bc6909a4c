import { defineFunction, http } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { jsonError } from "../../../../test/support/aws-service.ts";
import { type Functions, linesOf, startWorld, type World } from "./_testing.ts";

const settings = { front: "function-url" } as const;
const fn = (path: string) => defineFunction({ trigger: http.get(path), handler: () => undefined });
const app = (a: string, b: string): Functions => ({ a: [fn("/a"), a], b: [fn("/b"), b] });

const deploy = (world: World, a: string, b: string) => world.deploy(app(a, b), { settings });
const rollback = async (world: World, only?: readonly string[]) =>
  world.run(await world.deployer.planRollback(world.input(app("", ""), { settings, only })));
/** The versions that callers of both functions get. */
const served = ({ lambda }: World) =>
  ["shop-dev-a", "shop-dev-b"].map(
    (name) => lambda.functions.get(name)?.aliases.get("live")?.FunctionVersion,
  );

describe("rollback", () => {
  it("moves back what the last deployment changed, by the alias alone, and then forward again", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    await deploy(world, "1", "2");
    await deploy(world, "2", "2");
    expect(served(world)).toEqual(["2", "2"]);
    const plan = await world.deployer.planRollback(world.input(app("", ""), { settings }));
    expect(linesOf(plan)).toEqual(["update alias shop-dev-a:live"]);
    expect(plan.waves.flat().map(({ details, switches }) => [details, switches])).toEqual([
      [["version: 2 → 1"], "a"],
      [["version 2: the last deployment did not change it"], undefined],
    ]);
    expect(await world.run(plan)).toEqual(["lambda PUT /2015-03-31/functions/shop-dev-a/aliases/live"]);
    expect(served(world)).toEqual(["1", "2"]);
    await rollback(world);
    expect(served(world)).toEqual(["2", "2"]);
  });

  it("goes on after a failure in place of going forward", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    await deploy(world, "2", "2");
    const isOfB = ({ method, url }: { method: string; url: string }) =>
      method === "PUT" && url.includes("shop-dev-b");
    world.server.failWith({ when: isOfB, answer: jsonError(403, "AccessDeniedException", "no") });
    await expect(rollback(world)).rejects.toThrow(/Other code already serves a: anyfn rollback/);
    expect(served(world)).toEqual(["1", "2"]);
    world.server.recover();
    await rollback(world);
    expect(served(world)).toEqual(["1", "1"]);
    await rollback(world);
    expect(served(world)).toEqual(["2", "2"]);
  });

  it("takes back a deployment that was completed by a second one", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    const isOfB = ({ method, url }: { method: string; url: string }) =>
      method === "PUT" && url.endsWith("shop-dev-b/aliases/live");
    world.server.failWith({ when: isOfB, answer: jsonError(403, "AccessDeniedException", "no") });
    await expect(deploy(world, "2", "2")).rejects.toThrow(/Other code already serves a: anyfn rollback/);
    expect(served(world)).toEqual(["2", "1"]);
    world.server.recover();
    await deploy(world, "2", "2");
    await rollback(world);
    expect(served(world)).toEqual(["1", "1"]);
  });

  it("moves one function alone where only that one is meant", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    await deploy(world, "2", "2");
    await rollback(world, ["b"]);
    expect(served(world)).toEqual(["2", "1"]);
  });

  it("is followed by a deployment of the same code, which serves it again", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    await deploy(world, "2", "1");
    await rollback(world);
    expect(await deploy(world, "2", "1")).toEqual([
      "lambda POST /2015-03-31/functions/shop-dev-a/versions",
      "lambda PUT /2015-03-31/functions/shop-dev-a/aliases/live",
    ]);
    expect(served(world)).toEqual(["2", "1"]);
    await rollback(world);
    expect(served(world)).toEqual(["1", "1"]);
  });

  it("says when nothing served before", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    await expect(rollback(world)).rejects.toThrow(/nothing that the last deployment could go back to/);
  });

  it("does not write over another deployment", async () => {
    await using world = await startWorld();
    await deploy(world, "1", "1");
    const plan = await world.deployer.plan(world.input(app("2", "1"), { settings }));
    await deploy(world, "3", "1");
    world.input(app("2", "1"));
    await expect(world.run(plan)).rejects.toThrow(/Another deployment is going on/);
    expect(served(world)).toEqual(["2", "1"]);
  });
});
