import { join } from "node:path";
import type { AzureSettings } from "@anyfn/azure";
import type { BuildAdapter } from "@anyfn/build";
import type { AnyFunction } from "@anyfn/core";
import { deploy } from "../support/azure-app.ts";
import type { Harness } from "./harness.ts";

const ADAPTERS = join(import.meta.dirname, "../../adapters");
let count = 0;

/** Why `anyfn build` refuses a function; empty where it does not. */
export async function refusalsOf(
  { adapter: { name } }: Harness,
  definition: AnyFunction,
  settings: object = {},
): Promise<string[]> {
  const { adapter } = (await import(join(ADAPTERS, name, "src/build/index.ts"))) as { adapter: BuildAdapter };
  const place = { exportName: "underTest", file: "/shop/src/functions.ts", line: 1, column: 1 };
  const functions = [{ name: "under-test", definition, ...place }];
  const checked = await adapter.settings["~standard"].validate(settings);
  if (checked.issues !== undefined) throw new Error(checked.issues[0]?.message);
  return adapter.refuse({ app: "shop", functions, settings: checked.value }).map(({ reason }) => reason);
}

/** What the host of Azure Functions is told of a function: its trigger, and when it runs again. */
export function registrationOf(definition: AnyFunction, settings: AzureSettings = {}): AzureRegistration {
  // A name can be registered once in a process.
  const name = `registered-${++count}`;
  const app = deploy({ [name]: definition }, settings);
  return { trigger: app.trigger(name), retry: app.retry(name) };
}

/** A function as the host knows it. */
export interface AzureRegistration {
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly retry: Readonly<Record<string, unknown>> | undefined;
}
