import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { afterAll, beforeAll, expect, test } from "vitest";
import { growthOf, type MemoryTarget } from "../runtimes/load/memory.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-memory-"));
const MIB = 1024 * 1024;

/** With so many, as much as 50 bytes kept of each request would show. */
const COUNTS = { aws: 50_000, azure: 50_000, gcp: 50_000, node: 200_000 } as const satisfies Readonly<
  Record<MemoryTarget, number>
>;
const TARGETS = Object.keys(COUNTS) as MemoryTarget[];

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "../runtimes/load-app"), targets: TARGETS, outDir: scratch });
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each(TARGETS)("the heap on %s stays as it is", { timeout: 300_000 }, async (target) => {
  const { before, after } = await growthOf(target, scratch, COUNTS[target]);
  console.log(`${target}: ${COUNTS[target]} requests, ${Math.round((after - before) / 1024)} KiB more`);
  expect((after - before) / MIB).toBeLessThan(2);
});
