import { join } from "node:path";
import { type BuildResult, build } from "@anyfn/build";
import { defineFunction, http } from "@anyfn/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTarget, TARGETS } from "../runtimes/targets.ts";
import { PACKAGES, type Shipped, ship } from "./app.ts";
import { createProject, type Project } from "./project.ts";

/** A file with types, whose lines a compiler takes out, and with a place of its own, which the build rewrites. */
const SOURCE = `import { defineFunction, http } from "@anyfn/core";
import { charge } from "./billing/charge.ts";

export const pay = defineFunction({
  trigger: http.get("/pay"),
  handler: () => charge({ amount: 3 }),
});
`;
const CHARGE = `interface Invoice {
  readonly amount: number;
}

export const table = new URL("./rates.txt", import.meta.url);
export function charge({ amount }: Invoice): string {
  const file: string = import.meta.filename;
  if (amount < 5) throw new RangeError(\`too small for \${file.endsWith("charge.ts")}\`);
  return "ok";
}
`;

let project: Project;
let shipped: Shipped;
beforeAll(async () => {
  const files = {
    "src/functions.ts": SOURCE,
    "src/billing/charge.ts": CHARGE,
    "src/billing/rates.txt": "",
  };
  project = createProject(files, PACKAGES);
  const result: BuildResult = await build({ cwd: project.dir, targets: [...TARGETS] });
  shipped = ship(result);
});
afterAll(() => {
  shipped[Symbol.dispose]();
  project[Symbol.dispose]();
});

const definition = defineFunction({ trigger: http.get("/pay"), handler: () => "" });

describe("a stack trace in the log", () => {
  it.each(TARGETS)("has the lines of the user's files on %s", async (target) => {
    await using running = await startTarget(target, {
      directory: join(shipped.dir, target),
      functions: [{ name: "pay", definition }],
      // On Azure, processes have started before they know an app's variables, so that its start turns maps on.
      env: target === "azure" ? {} : { NODE_OPTIONS: "--enable-source-maps" },
    });
    const answer = await running.request({ method: "GET", url: "/pay" });
    expect(answer.status).toBe(500);
    const logs = running.logs();
    expect(logs).toContain("too small for true");
    // A minifier may drop `new`; the error is then made four columns further on.
    expect(logs).toMatch(/src\/billing\/charge\.ts:8:(?:25|29)\b/);
    expect(logs).toMatch(/src\/functions\.ts:6:18\b/);
  });
});
