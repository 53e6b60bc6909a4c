import type { AzureFunction } from "./rpc.ts";

/** The function that serves a request, and what its route took out of the path. */
export interface AzureRouteMatch {
  readonly functionName: string;
  readonly params: Readonly<Record<string, string>>;
}

/** https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints */
const constraints: Readonly<Record<string, RegExp>> = {
  alpha: /^[a-z]*$/i,
  bool: /^(true|false)$/i,
  datetime: /^\d{4}-\d\d-\d\d/,
  decimal: /^-?\d+(\.\d+)?$/,
  double: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i,
  float: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i,
  guid: /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
  int: /^-?\d{1,10}$/,
  long: /^-?\d{1,19}$/,
  required: /./,
};

/**
 * Picks the function for a request, or none.
 *
 * Routes are tried in the alphabetical order of the functions' names, not by how specific they are:
 * https://github.com/Azure/azure-functions-nodejs-library/issues/300
 *
 * @param path - Decoded, with the leading slash.
 */
export function matchRoute(
  functions: readonly AzureFunction[],
  routePrefix: string,
  method: string,
  path: string,
): AzureRouteMatch | undefined {
  for (const { name, bindings } of functions.toSorted(byName)) {
    const trigger = bindings.find(({ type }) => type.toLowerCase() === "httptrigger");
    if (!trigger) continue;
    const { methods, route } = trigger as { methods?: readonly string[]; route?: string };
    if (methods && !methods.some((allowed) => allowed.toUpperCase() === method.toUpperCase())) continue;
    const template = [routePrefix, route || name].filter(Boolean).join("/");
    const params = matchTemplate(template, path);
    if (params) return { functionName: name, params };
  }
  return undefined;
}

/** Matches a route template such as `orders/{id:int}/{*rest}` against a decoded path. */
export function matchTemplate(template: string, path: string): Record<string, string> | undefined {
  const segments = path.replace(/^\//, "").replace(/\/$/, "").split("/");
  const parts = template.split("/").filter(Boolean);
  const params: Record<string, string> = {};
  const rest = segments[0] === "" && segments.length === 1 ? [] : segments;
  for (const part of parts) {
    const catchAll = /^\{\*\*?(\w+)\}$/.exec(part)?.[1];
    if (catchAll) {
      if (rest.length > 0) params[catchAll] = rest.join("/");
      return params;
    }
    const segment = rest.shift();
    if (segment === undefined) {
      if (/^\{\w+(:[^}]*)?\?\}$/.test(part)) continue;
      return undefined;
    }
    if (!matchSegment(part, segment, params)) return undefined;
  }
  return rest.length === 0 ? params : undefined;
}

/** One segment, which may mix text and parameters: `{name}.{extension}`. */
function matchSegment(part: string, segment: string, params: Record<string, string>): boolean {
  const rules: { name: string; checks: string[] }[] = [];
  const pattern = part.replace(/\{(\w+)((?::[^}:]+)*)\??\}|[^{]+/g, (token, name?: string, checks = "") => {
    if (!name) return token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    rules.push({ name, checks: String(checks).split(":").filter(Boolean) });
    return "(.+)";
  });
  const match = new RegExp(`^${pattern}$`, "i").exec(segment);
  if (!match) return false;
  return rules.every(({ name, checks }, index) => {
    const value = match[index + 1] ?? "";
    params[name] = value;
    return checks.every((check) => checkConstraint(check, value));
  });
}

function checkConstraint(check: string, value: string): boolean {
  const most = /^maxlength\((\d+)\)\??$/.exec(check)?.[1];
  if (most !== undefined) return value.length <= Number(most);
  const rule = constraints[check];
  if (!rule)
    throw new Error(`[azure] the route constraint "${check}" is not known to this host. Add it there.`);
  return rule.test(value);
}

function byName(a: AzureFunction, b: AzureFunction): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : Number(left > right);
}
