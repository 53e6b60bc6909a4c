import type { HttpTrigger } from "@anyfn/core";
import { parseTemplate } from "@anyfn/core/adapter";
import { deployError } from "../_problem.ts";
import type { DiscoveredFunction } from "../model.ts";
import type { Call } from "./deployer.ts";

/** What to call a function with. The rest is as the function declares it. */
export interface CallOptions extends Pick<Call, "function"> {
  /** The body of an HTTP function, JSON for all others. */
  readonly data?: string | undefined;
  /** Of an HTTP function; by default the one that it declares. */
  readonly method?: string | undefined;
  /** Path and query of an HTTP function; by default the declared path, where that has no parameters. */
  readonly path?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A call as the function's trigger takes it. @throws AnyfnError `deploy` for one that it cannot take. */
export function callOf({ name, definition }: DiscoveredFunction, options: CallOptions): Call {
  const { trigger } = definition;
  const { headers = {}, data } = options;
  if (trigger.kind === "http") {
    const { methods, path } = trigger as HttpTrigger;
    const [declared = "*"] = methods;
    const method = options.method?.toUpperCase() ?? (declared === "*" ? anyMethod(data) : declared);
    return { function: name, method, path: options.path ?? pathOf(name, path), headers, data };
  }
  if (options.method !== undefined || options.path !== undefined || Object.keys(headers).length > 0) {
    throw deployError(
      `${name} has a ${trigger.kind} trigger: --method, --path and --header are for HTTP functions.`,
    );
  }
  if (data === undefined && trigger.kind !== "direct") {
    throw deployError(
      `${name} has a ${trigger.kind} trigger. Name a file with the provider's own payload: --data @event.json`,
    );
  }
  assertJson(name, data);
  return { function: name, method: "POST", path: "/", headers, data };
}

function anyMethod(data: string | undefined): string {
  return data === undefined ? "GET" : "POST";
}

function pathOf(name: string, template: string): string {
  if (parseTemplate(template).every(({ kind }) => kind === "literal")) return template;
  throw deployError(`${name} serves ${template}. Name a path without braces: --path /...`);
}

function assertJson(name: string, data: string | undefined): void {
  if (data === undefined) return;
  try {
    JSON.parse(data);
  } catch {
    throw deployError(`${name} takes JSON, and --data has none. Texts stand in quotes: --data '"text"'`);
  }
}
