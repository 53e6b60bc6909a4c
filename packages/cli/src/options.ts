import type { StageOptions } from "@anyfn/build";
import { usageError } from "./command.ts";

/** An option of a command: what Node's `parseArgs` reads of it, and what `--help` says. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands for the value: `<names>`. */
  readonly value?: string;
  /** Lines. */
  readonly help: readonly string[];
}

/** Which project is meant, for every command. */
export const PROJECT = {
  cwd: { type: "string", value: "<folder>", help: ["The project's folder (default: the current one)"] },
  config: {
    type: "string",
    value: "<file>",
    help: ["The configuration (default: anyfn.config.ts, .mts, .js or .mjs)"],
  },
} as const;

/** Several targets. */
export const TARGETS = {
  target: {
    type: "string",
    multiple: true,
    value: "<names>",
    help: [
      "Targets, separated by commas: aws,azure,gcp,node",
      "(default: those in anyfn.config.ts, else every installed one)",
    ],
  },
} as const;

/** Which deployment is meant. */
export const STAGE = {
  target: { type: "string", multiple: true, value: "<name>", help: ["The target: aws, azure or gcp"] },
  stage: { type: "string", value: "<name>", help: ["The stage, a part of every name (default: dev)"] },
  parameter: {
    type: "string",
    multiple: true,
    value: "<Name=value>",
    help: ["Value of a parameter of the infrastructure; may stand more than once"],
  },
} as const;

/** Some of the functions. */
export const FUNCTIONS = {
  function: {
    type: "string",
    multiple: true,
    value: "<names>",
    help: ["Only these functions, separated by commas (default: all)"],
  },
} as const;

/** How a plan is carried out. */
export const DRY_RUN = {
  "dry-run": { type: "boolean", help: ["Show what would change, and change nothing"] },
  json: { type: "boolean", help: ["Print the plan and what became of it as JSON"] },
} as const;

/** What a command says for `--help`. */
export function helpOf(usage: string, options: Readonly<Record<string, Option>>, ending?: string): string {
  const rows = Object.entries(options).map(([name, { value, help }]) => ({
    label: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  }));
  const all = [...rows, { label: "-h, --help", help: ["Show this"] }];
  const width = Math.max(...all.map(({ label }) => label.length));
  const lines = all.flatMap(({ label, help }) =>
    help.map((text, index) => `  ${(index === 0 ? label : "").padEnd(width)}  ${text}`),
  );
  return [`Usage: anyfn ${usage}`, "", ...lines, ...(ending === undefined ? [] : ["", ending])].join("\n");
}

/** The names of an option that takes several and may stand more than once; undefined without it. */
export function parseNames(
  option: string,
  values: readonly string[] | undefined,
  example: string,
): readonly string[] | undefined {
  const names = values?.flatMap((list) => list.split(",")).map((name) => name.trim());
  if (names?.includes("")) throw usageError(`--${option} needs names, separated by commas: ${example}`);
  return names;
}

/** The names of `--target`; undefined without it. */
export function parseTargets(values: readonly string[] | undefined): readonly string[] | undefined {
  return parseNames("target", values, "--target aws,node");
}

/** What `parseArgs` makes of {@link STAGE} and {@link FUNCTIONS}. */
export interface StageValues {
  readonly target?: readonly string[] | undefined;
  readonly stage?: string | undefined;
  readonly parameter?: readonly string[] | undefined;
  readonly function?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  readonly config?: string | undefined;
}

/** Which deployment is meant. */
export function parseStage(values: StageValues): Omit<StageOptions, "environment" | "signal"> {
  const { cwd, config, stage } = values;
  const [target, ...others] = parseTargets(values.target) ?? [];
  if (target === undefined) throw usageError("Say where: --target aws");
  if (others.length > 0) throw usageError(`--target takes one here: --target ${target}`);
  const only = parseNames("function", values.function, "--function place-order,fulfil");
  return { target, stage, only, parameters: parseParameters(values.parameter), cwd, config };
}

function parseParameters(values: readonly string[] = []): Readonly<Record<string, string>> {
  const pairs = values.map((text) =>
    parsePair(text, "=", "--parameter takes a name and a value: Name=value"),
  );
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`--parameter names ${twice} twice. Name it once.`);
  return Object.fromEntries(pairs);
}

/** The texts before and after a sign. The value may be a secret: no message has it. */
export function parsePair(text: string, sign: string, problem: string): readonly [string, string] {
  const index = text.indexOf(sign);
  const name = text.slice(0, Math.max(index, 0)).trim();
  if (name === "") throw usageError(problem);
  return [name, text.slice(index + sign.length)];
}
