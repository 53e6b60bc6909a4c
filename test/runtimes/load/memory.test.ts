import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { afterAll, beforeAll, expect, test } from "vitest";
import { growthOf, type MemoryTarget } from "./memory.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-memory-"));
const MIB = 1024 * 1024;

/** Enough to show whatever is kept of each request, some 2 KB with its context; `npm run test:extra` sends many more. */
const COUNTS = { aws: 2000, azure: 2500, gcp: 2500, node: 20_000 } as const satisfies Readonly<
  Record<MemoryTarget, number>
>;
const TARGETS = Object.keys(COUNTS) as MemoryTarget[];

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "../load-app"), targets: TARGETS, outDir: scratch });
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each(TARGETS)("the heap on %s stays as it is", async (target) => {
  const { before, after } = await growthOf(target, scratch, COUNTS[target]);
  expect((after - before) / MIB).toBeLessThan(2);
});
