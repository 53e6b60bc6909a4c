import { describe, expect, it } from "vitest";
import { apply, changesOf, type DeployProgress } from "./apply.ts";
import type { Change, Plan } from "./deployer.ts";

const planOf = (...waves: readonly (readonly Change[])[]): Plan => ({
  place: "here",
  waves,
  addresses: async () => [],
});
const signal = new AbortController().signal;
const ignore = () => {};

/** Changes that tell when they begin, and end when they are told. */
function createLab() {
  const log: string[] = [];
  const endings = new Map<string, PromiseWithResolvers<void>>();
  const change = (name: string, rest: Partial<Change> = {}): Change => {
    const ending = Promise.withResolvers<void>();
    endings.set(name, ending);
    const run = (): Promise<void> => {
      log.push(name);
      return ending.promise;
    };
    return { action: "update", kind: "function", name, details: [], run, ...rest };
  };
  return {
    log,
    change,
    done: (...names: readonly string[]) =>
      settle(() => {
        for (const name of names) endings.get(name)?.resolve();
      }),
    fail: (name: string, error: unknown) => settle(() => endings.get(name)?.reject(error)),
  };
}

/** Lets everything run that does not wait for another event. */
async function settle(act: () => void = ignore): Promise<void> {
  act();
  await new Promise(setImmediate);
}

describe("order", () => {
  it("begins a wave when the one before is done", async () => {
    const lab = createLab();
    const plan = planOf([lab.change("a"), lab.change("b")], [], [lab.change("c")]);
    const applied = apply(plan, signal, ignore);
    await lab.done("a");
    expect(lab.log).toEqual(["a", "b"]);
    await lab.done("b");
    expect(lab.log).toEqual(["a", "b", "c"]);
    await lab.done("c");
    await applied;
  });

  it("has six changes going on at once, and begins the next when one is done", async () => {
    const lab = createLab();
    const names = [..."abcdefgh"];
    const applied = apply(planOf(names.map((name) => lab.change(name))), signal, ignore);
    expect(lab.log.join("")).toBe("abcdef");
    await lab.done("d");
    expect(lab.log.join("")).toBe("abcdefg");
    await lab.done(...names);
    await applied;
    expect(lab.log.join("")).toBe("abcdefgh");
  });

  it("leaves out what is kept", async () => {
    const lab = createLab();
    const plan = planOf([lab.change("a", { action: "keep" })]);
    expect(changesOf(plan)).toEqual([]);
    await apply(plan, signal, ignore);
    expect(lab.log).toEqual([]);
  });

  it("tells what begins, what is waited for and what is done", async () => {
    const progress: DeployProgress[] = [];
    const a: Change = {
      action: "create",
      kind: "role",
      name: "a",
      details: [],
      run: async (tell) => tell("waiting for the role"),
    };
    await apply(planOf([a, { ...a, action: "keep" }]), signal, (item) => progress.push(item));
    expect(progress).toEqual([
      { kind: "begun", change: a, done: 0, total: 1 },
      { kind: "waiting", change: a, doing: "waiting for the role" },
      { kind: "done", change: a, done: 1, total: 1 },
    ]);
  });
});

describe("a failure", () => {
  it("lets what has begun finish, and nothing else begin", async () => {
    const lab = createLab();
    const first = [..."abcdefg"].map((name) => lab.change(name, { switches: name }));
    const kinds: string[] = [];
    const applied = apply(planOf(first, [lab.change("later")]), signal, ({ kind, change }) =>
      kinds.push(`${kind} ${change.name}`),
    );
    const failed = expect(applied).rejects.toMatchObject({
      code: "deploy",
      message:
        "5 of 8 changes were made, then this failed:\n" +
        "  update function c: AccessDeniedException: not allowed\n" +
        "Other code already serves a, b, d, e, f: anyfn rollback --function a,b,d,e,f takes that back.\n" +
        "What else served before serves as it did.\n" +
        "Correct the cause and run the same command again: it goes on where this one stopped.",
    });
    await lab.fail("c", Object.assign(new Error("not allowed"), { name: "AccessDeniedException" }));
    await lab.done("a", "b", "d", "e", "f");
    await failed;
    expect(lab.log.join("")).toBe("abcdef");
    expect(kinds).toContain("failed c");
    expect(kinds.indexOf("done f")).toBeGreaterThan(kinds.indexOf("failed c"));
  });

  it.each<[string, Partial<Change>, string]>([
    ["what served before", {}, "What served before serves as it did."],
    [
      "functions that are new",
      { action: "create", switches: "a" },
      "For the first time there is now a.\nWhat else served before serves as it did.",
    ],
    [
      "what is gone",
      { action: "delete" },
      "Deleted already: function x.\nWhat else served before serves as it did.",
    ],
  ])("names %s", async (_, done, state) => {
    const lab = createLab();
    const applied = apply(planOf([lab.change("x", done)], [lab.change("bad")]), signal, ignore);
    const failed = expect(applied).rejects.toThrow(`update function bad: no\n${state}\nCorrect`);
    await lab.done("x");
    await lab.fail("bad", new Error("no"));
    await failed;
  });

  it("names every change that failed, and few of many that were made", async () => {
    const lab = createLab();
    const gone = [..."abcdefg"].map((name) => lab.change(name, { action: "delete", kind: "queue" }));
    const applied = apply(planOf(gone, [lab.change("y"), lab.change("z")]), signal, ignore);
    const failed = expect(applied).rejects.toThrow(
      "7 of 9 changes were made, then this failed:\n  update function z: last\n  update function y: first\n" +
        "Deleted already: queue a, queue b, queue c, queue d, queue e and 2 more.",
    );
    await lab.done(..."abcdefg");
    await lab.done(..."abcdefg");
    await lab.fail("z", new Error("last"));
    await lab.fail("y", new Error("first"));
    await failed;
  });
});

describe("the signal", () => {
  it("lets what has begun finish, and nothing else begin", async () => {
    const lab = createLab();
    const stop = new AbortController();
    const wave = [..."bcdefg"].map((name) => lab.change(name));
    const applied = apply(planOf([lab.change("a", { switches: "a" }), ...wave]), stop.signal, ignore);
    const stopped = expect(applied).rejects.toMatchObject({
      code: "deploy",
      message:
        "Stopped after 6 of 7 changes.\n" +
        "Other code already serves a: anyfn rollback --function a takes that back.\n" +
        "What else served before serves as it did.\n" +
        "Run the same command again: it goes on where this one stopped.",
    });
    stop.abort();
    await lab.done(..."abcdef");
    await stopped;
    expect(lab.log.join("")).toBe("abcdef");
  });

  it("comes too late when all has begun", async () => {
    const lab = createLab();
    const stop = new AbortController();
    const applied = apply(planOf([lab.change("a")]), stop.signal, ignore);
    stop.abort();
    await lab.done("a");
    await expect(applied).resolves.toBeUndefined();
  });
});
