import type { StageInput } from "@anyfn/build";
import type { Parameter } from "../build/infrastructure-template.ts";
import type { AwsSettings } from "../build/settings.ts";
import { deployError } from "./_errors.ts";

/**
 * The value of each parameter: given with the command, in the settings, or by default.
 *
 * @throws AnyfnError `deploy` that lists those without a value, and those with a wrong one.
 */
export function parameterValues(
  declared: Readonly<Record<string, Parameter>>,
  { parameters, settings }: Pick<StageInput, "parameters" | "settings">,
): Readonly<Record<string, string>> {
  const given = { ...(settings as AwsSettings).parameters, ...parameters };
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, { Description, Default, AllowedPattern = ".+" }] of Object.entries(declared)) {
    const value = given[name] ?? Default;
    if (value === undefined) missing.push(`  ${name}: ${Description}`);
    else if (!new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
      missing.push(`  ${name}: ${Description}. The value given does not match ${AllowedPattern}.`);
    } else values[name] = value;
  }
  if (missing.length === 0) return values;
  throw deployError(
    `These parameters need values:\n${missing.join("\n")}\n` +
      "Give each with --parameter Name=value or in the target's setting `parameters`, or name it in `create` to have it made.",
  );
}
