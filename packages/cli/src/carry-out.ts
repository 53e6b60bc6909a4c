import type { Address, Change, DeployProgress, StageOptions, StagePlan } from "@anyfn/build";
import { interruptedError } from "./command.ts";
import { type Interrupts, listenToInterrupts } from "./interrupts.ts";
import { parseStage, type StageValues } from "./options.ts";
import { addressLines, pastOf, planJson, planLines, type State } from "./plan.ts";
import { countOf } from "./portability.ts";
import { formatTime } from "./table.ts";
import { paint, type Terminal } from "./terminal.ts";

/** What the commands that change something at a provider differ in. */
export interface Errand {
  readonly plan: (build: Build, options: StageOptions) => Promise<StagePlan>;
  /** Said when nothing would change. */
  readonly nothing: string;
  /** Asks before anything is changed. @throws when it must not be. */
  readonly confirm?: (plan: StagePlan) => Promise<void>;
}

/** The library behind the commands, which is loaded late: that takes most of a start. */
export type Build = typeof import("@anyfn/build");

interface Values extends StageValues {
  readonly "dry-run"?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const NOTHING_CHANGED = "Ended. Nothing was changed.";
const UNKNOWN =
  "Ended while changes were being made. Run the same command again: its plan shows what is left.";

/** Prints a plan, carries it out, and says where the functions are reached. */
export async function carryOut(errand: Errand, values: Values, terminal: Terminal): Promise<void> {
  const stage = parseStage(values);
  const { json = false, "dry-run": dryRun = false } = values;
  const interrupts = listenToInterrupts(terminal);
  const build = await import("@anyfn/build");
  const options = { ...stage, environment: process.env, signal: interrupts.end };
  const plan = await interrupts.orEnd(errand.plan(build, options), NOTHING_CHANGED);
  const out = json ? { ...terminal, print: () => {}, note: () => {}, progress: () => {} } : terminal;
  for (const warning of plan.warnings) out.print(paint(out, "yellow", `warning: ${warning}`));
  for (const line of planLines(plan, out)) out.print(line);
  const states = new Map<Change, State>();
  let addresses: readonly Address[] = [];
  try {
    if (dryRun) return out.print("\nA dry run: nothing was changed.");
    await execute({ build, errand, plan, interrupts, states, out });
    addresses = await readAddresses(plan, interrupts, terminal);
    if (addresses.length > 0) for (const line of ["", ...addressLines(addresses)]) out.print(line);
  } finally {
    // After a failure as well: what was done until then is what a machine asks for.
    if (json) terminal.print(JSON.stringify(planJson(plan, { dryRun, states, addresses }), null, 2));
  }
}

interface Execution {
  readonly build: Build;
  readonly errand: Errand;
  readonly plan: StagePlan;
  readonly interrupts: Interrupts;
  readonly states: Map<Change, State>;
  readonly out: Terminal;
}

async function execute({ build, errand, plan, interrupts, states, out }: Execution): Promise<void> {
  const { length } = build.changesOf(plan);
  if (length === 0) return out.print(`\n${errand.nothing}`);
  if (errand.confirm !== undefined) await interrupts.orEnd(errand.confirm(plan), NOTHING_CHANGED);
  const started = performance.now();
  interrupts.beCareful();
  try {
    await interrupts.orEnd(build.apply(plan, interrupts.stop, showing(states, out)), UNKNOWN);
  } catch (error) {
    throw interrupts.stop.aborted ? interruptedError((error as Error).message) : error;
  }
  const made = `Made ${countOf(length, "change")} in ${formatTime(performance.now() - started)}`;
  out.print(`\n${paint(out, "green", made)}`);
}

/** Shows what goes on where somebody watches, and elsewhere what was done. */
function showing(states: Map<Change, State>, out: Terminal): (progress: DeployProgress) => void {
  return (progress) => {
    const { kind, change } = progress;
    const what = `${change.kind} ${change.name}`;
    if (kind === "waiting") return out.progress(`${what}: ${progress.doing}`);
    const counted = `${progress.done}/${progress.total}`;
    if (kind === "begun") return out.progress(`(${counted}) ${change.action} ${what}`);
    states.set(change, kind);
    if (kind === "done") out[out.isLive ? "progress" : "note"](`(${counted}) ${pastOf(change)}`);
  };
}

/** What was changed is changed: not to know the addresses is no failure of it. */
async function readAddresses(
  plan: StagePlan,
  interrupts: Interrupts,
  terminal: Terminal,
): Promise<readonly Address[]> {
  try {
    return await interrupts.orEnd(plan.addresses(), "Ended. All changes were made.");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "deploy") throw error;
    terminal.note(`warning: The addresses are not known. ${message}`);
    return [];
  }
}
