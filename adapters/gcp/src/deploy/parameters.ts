import type { StageInput } from "@anyfn/build";
import type { Block } from "../build/_terraform.ts";
import type { GcpSettings } from "../build/settings.ts";
import { deployError } from "./_errors.ts";
import type { Place } from "./place.ts";
import { UNKNOWN } from "./template.ts";

/**
 * The value of each variable: given with the command, in the settings, or by default.
 *
 * @throws AnyfnError `deploy` that lists those without a value, and values for what is no variable.
 */
export function parameterValues(
  blocks: readonly Block[],
  input: Pick<StageInput, "parameters" | "settings">,
  place: Place,
): Readonly<Record<string, unknown>> {
  const variables = variablesIn(blocks);
  assertKnown(variables, givenOf(input));
  const values = knownValues(blocks, input, place);
  const missing = variables.filter(({ name }) => values[name] === UNKNOWN);
  if (missing.length === 0) return values;
  const lines = missing.map(({ name, body }) => `  ${name}: ${String(body.description)}`);
  throw deployError(
    `These parameters need values:\n${lines.join("\n")}\n` +
      "Give each with --parameter name=value, or in the setting `targets.gcp.parameters`.",
  );
}

/** The same for what can do without: what has no value is unknown. */
export function knownValues(
  blocks: readonly Block[],
  input: Pick<StageInput, "parameters" | "settings">,
  { project, region }: Place,
): Readonly<Record<string, unknown>> {
  const own: Readonly<Record<string, string>> = { ...givenOf(input), project, region };
  return Object.fromEntries(
    variablesIn(blocks).map(({ name, body }) => {
      const text = Object.hasOwn(own, name) ? own[name] : undefined;
      return [name, text === undefined ? (body.default ?? UNKNOWN) : parse(text, String(body.type))];
    }),
  );
}

function variablesIn(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(({ kind }) => kind === "variable");
}

function givenOf({ settings, parameters }: Pick<StageInput, "parameters" | "settings">) {
  return { ...(settings as GcpSettings).parameters, ...parameters };
}

function parse(text: string, type: string): string | readonly string[] {
  return type === "string" ? text : text.split(",").map((item) => item.trim());
}

/** A misspelt one would be a value that nobody reads. */
function assertKnown(variables: readonly Block[], given: Readonly<Record<string, string>>): void {
  const names = variables.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw deployError(`There is no parameter ${unknown.join(", ")}. There are: ${names.sort().join(", ")}.`);
}
