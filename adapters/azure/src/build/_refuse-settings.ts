import type { DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import { settingsOf } from "../settings.ts";
import type { AzureBuildSettings } from "./settings.ts";

/** Scale groups of Flex Consumption beside the functions. */
const GROUPS = ["http", "blob", "durable"];

/** Settings of the infrastructure that fit no function, or contradict each other. */
export function refuseSettings({ functions, settings: given }: TargetInput): readonly Refusal[] {
  const settings = given as AzureBuildSettings;
  const names = functions.map(({ name }) => name);
  const unknown = (
    entries: object | undefined,
    known: readonly string[],
    option: string,
  ): readonly Refusal[] =>
    Object.keys(entries ?? {})
      .filter((name) => !known.includes(name))
      .map((name) => ({
        function: name,
        reason: `\`${option}.${name}\` is set, and there is no such function. Correct the name.`,
      }));
  return [
    ...unknown(settings.functions, names, "functions"),
    ...unknown(settings.alwaysReady, [...names, ...GROUPS], "alwaysReady"),
    ...sharedEnvironment(functions, settings),
  ];
}

/** All functions of an app have one environment. */
function sharedEnvironment(
  functions: readonly DiscoveredFunction[],
  settings: AzureBuildSettings,
): readonly Refusal[] {
  const values = new Map(Object.entries(settings.environment ?? {}));
  return functions.flatMap(({ name }) => {
    const own = Object.entries(settingsOf(settings.functions, name)?.environment ?? {});
    return own.flatMap(([variable, value]) => {
      const known = values.get(variable) ?? value;
      values.set(variable, known);
      if (known === value) return [];
      const reason =
        `its environment variable ${variable} has another value elsewhere, and all functions of an app share one. Rename ` +
        "it.";
      return [{ function: name, reason }];
    });
  });
}
