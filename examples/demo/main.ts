/**
 * Builds `examples/orders` for four targets, runs each artifact on the provider's own run-time code, sends all of them
 * the same requests and events, and prints what they answered. Exit code 1 when any two answers differ.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { nameFunctions } from "@anyfn/core/adapter";
import { startTarget, TARGETS } from "../../test/runtimes/targets.ts";
import * as orders from "../orders/src/functions.ts";
import { CALLS, type Row, runCall } from "./calls.ts";
import { renderTable } from "./table.ts";

const project = join(import.meta.dirname, "../orders");
const scratch = await mkdtemp(join(tmpdir(), "anyfn-demo-"));
try {
  process.exitCode = (await demo()) ? 0 : 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function demo(): Promise<boolean> {
  console.log("Building examples/orders for aws, azure, gcp and node …");
  const outDir = join(scratch, "dist");
  const started = performance.now();
  await build({ cwd: project, targets: TARGETS, outDir });
  console.log(
    `Built in ${Math.round(performance.now() - started)} ms. Starting each artifact on its run time …\n`,
  );

  await using running = new AsyncDisposableStack();
  const functions = nameFunctions(orders);
  const targets = await Promise.all(
    TARGETS.map(async (target) => {
      const env = { ORDERS_DIR: join(scratch, "data", target) };
      return running.use(await startTarget(target, { directory: join(outDir, target), functions, env }));
    }),
  );

  const rows: Row[] = [];
  for (const call of CALLS) {
    const answers = await Promise.all(targets.map((target) => runCall(call, target)));
    rows.push({ title: call.title, answers });
  }
  console.log(renderTable(TARGETS, rows, process.stdout.columns ?? 120));
  const different = rows.filter(({ answers }) => new Set(answers.map(({ compared }) => compared)).size !== 1);
  if (different.length > 0) console.log(targets.map((target) => target.logs()).join("\n"));
  console.log(
    different.length === 0
      ? `All ${rows.length} calls were answered identically on ${TARGETS.length} targets.`
      : `${different.length} of ${rows.length} calls were answered differently: ${different.map(({ title }) => title).join("; ")}`,
  );
  return different.length === 0;
}
