/**
 * Loads artifacts of a target into a fresh process, and invokes those that have an event; tells which of these steps made
 * Node load a module that is costly. Argument: a {@link LoadJob} as JSON; the last line of the output is a
 * {@link LoadReport}.
 */
import { openArtifact } from "./open.ts";
import type { Target } from "./specimens.ts";

/** What to load, and what to invoke. */
export interface LoadJob {
  readonly target: Target;
  readonly artifacts: readonly {
    /** Absolute path. */
    readonly bundle: string;
    /** As the platform hands it over: Lambda's event, the host's data, an HTTP request. */
    readonly event?: unknown;
  }[];
}

/** What came of it. */
export interface LoadReport {
  /** The step that loaded a module first, by the module. */
  readonly loaded: Readonly<Record<string, "start" | "load" | "invoke">>;
  /** What the invoked artifacts answered. */
  readonly answers: readonly unknown[];
}

/** Names as the process lists them. */
const COSTLY = { undici: "internal/deps/undici/undici", "node:http": "http" };

const { target, artifacts } = JSON.parse(process.argv[2] ?? "") as LoadJob;
const loaded: Record<string, "start" | "load" | "invoke"> = {};
const answers: unknown[] = [];
note("start");
for (const { bundle, event } of artifacts) {
  const invoke = await openArtifact(target, bundle);
  note("load");
  if (event === undefined) continue;
  answers.push(await invoke(event as never));
  note("invoke");
}
const report: LoadReport = { loaded, answers };
process.stdout.write(`\n${JSON.stringify(report)}\n`, () => process.exit());

function note(step: "start" | "load" | "invoke"): void {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] };
  for (const [name, builtin] of Object.entries(COSTLY))
    if (moduleLoadList.includes(`NativeModule ${builtin}`)) loaded[name] ??= step;
}
