import { AnyfnError, type HttpTrigger } from "@anyfn/core";
import {
  acceptsMethod,
  type CompiledHttp,
  compileHttp,
  decodePercent,
  matchPath,
  type NamedFunction,
  type Template,
} from "@anyfn/core/adapter";
import type { AzureMethod } from "../native.ts";

/** An HTTP function with the route and methods under which the host knows it. */
export interface Route {
  readonly name: string;
  readonly compiled: CompiledHttp;
  readonly timeout: number;
  /** As the host writes it: `orders/{id}`, `files/{*path}`. */
  readonly route: string;
  readonly methods: AzureMethod[];
  /** Functions of the same route, of which one takes OPTIONS for all. */
  readonly siblings: readonly Route[];
  /** Functions that are meant for some paths of this route. */
  readonly narrower: readonly Route[];
}

const METHODS: readonly AzureMethod[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const RANKS = { literal: 0, param: 1, rest: 2 };

/**
 * Shares out routes and methods: the host takes a method of a route once. A function of any method gets what the
 * others leave, and the first one with CORS takes the preflights of its route.
 *
 * @throws AnyfnError `invalid-definition` when two functions answer the same requests.
 */
export function planRoutes(functions: readonly NamedFunction[]): readonly Route[] {
  const routes = functions.map(({ name, definition }) => {
    const compiled = compileHttp(definition);
    const { cors } = definition.trigger as HttpTrigger;
    const { timeout } = definition;
    const siblings: Route[] = [];
    const narrower: Route[] = [];
    const methods: AzureMethod[] = [];
    return { name, compiled, timeout, cors, route: toRoute(compiled.template), methods, siblings, narrower };
  });
  const claimed = new Map<string, string>();
  const any = routes.filter((route) => route.compiled.methods[0] === "*");
  for (const route of routes.filter((candidate) => !any.includes(candidate))) {
    for (const method of METHODS) if (route.compiled.methods.includes(method)) claim(claimed, route, method);
  }
  for (const route of any) {
    const free = METHODS.filter((method) => !claimed.has(claimKey(route, method)));
    if (free.length === 0) claim(claimed, route, "GET");
    for (const method of free) claim(claimed, route, method);
  }
  for (const route of routes) {
    if (route.cors !== undefined && !claimed.has(claimKey(route, "OPTIONS")))
      claim(claimed, route, "OPTIONS");
    for (const other of routes) {
      if (other === route || !overlaps(other.compiled.template, route.compiled.template)) continue;
      const order = compare(other.compiled.template, route.compiled.template);
      if (order === 0) route.siblings.push(other);
      if (order < 0) route.narrower.push(other);
    }
    route.narrower.sort((a, b) => compare(a.compiled.template, b.compiled.template));
  }
  return routes;
}

type Claimant = Pick<Route, "name" | "compiled" | "methods">;

function claim(claimed: Map<string, string>, route: Claimant, method: AzureMethod): void {
  const key = claimKey(route, method);
  const holder = claimed.get(key);
  if (holder !== undefined) {
    throw new AnyfnError(
      "invalid-definition",
      `"${holder}" and "${route.name}" both answer ${key.replace("/", " /")}. Give one another path or method.`,
      { provider: "azure", trigger: "http" },
    );
  }
  claimed.set(key, route.name);
  route.methods.push(method);
}

/** Routes that differ in the names of their parameters alone are one to the host, and so are upper and lower case. */
function claimKey({ compiled }: Claimant, method: AzureMethod): string {
  const parts = compiled.template.map(({ kind, text }) =>
    kind === "literal" ? text.toLowerCase() : kind === "param" ? "{}" : "{+}",
  );
  return `${method}/${parts.join("/")}`;
}

/**
 * The function that a request is for. The host tries routes in the order of the functions' names and not by how
 * specific they are, so that it may have started one that is meant for other paths.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/300
 */
export function chooseRoute(route: Route, method: string, path: string, asked: string | null): Route {
  const wanted = method === "OPTIONS" && asked !== null ? asked.toUpperCase() : method;
  const accepts = ({ compiled }: Route): boolean => acceptsMethod(compiled.methods, wanted);
  for (const narrower of route.narrower) {
    if (accepts(narrower) && matchPath(narrower.compiled.template, path) !== undefined) return narrower;
  }
  if (wanted === method || accepts(route)) return route;
  return route.siblings.find(accepts) ?? route;
}

/** Whether some path matches both. */
function overlaps(a: Template, b: Template): boolean {
  for (let index = 0; ; index++) {
    const left = a[index];
    const right = b[index];
    if (left === undefined || right === undefined) return left === right;
    if (left.kind === "rest" || right.kind === "rest") return true;
    const differ = left.kind === "literal" && right.kind === "literal";
    if (differ && left.text.toLowerCase() !== right.text.toLowerCase()) return false;
  }
}

/** Below 0 where the first of two overlapping templates is the more specific one. */
function compare(a: Template, b: Template): number {
  for (const [index, segment] of a.entries()) {
    const order = RANKS[segment.kind] - RANKS[b[index]?.kind ?? "rest"];
    if (order !== 0) return order;
  }
  return 0;
}

/** A template as the host writes it; it matches decoded paths. */
export function toRoute(template: Template): string {
  // An empty route means the function's name: only one that matches nothing but the empty path means the root.
  if (template.length === 1 && template[0]?.text === "") return "{root:maxlength(0)?}";
  return template
    .map(({ kind, text }) => {
      if (kind === "literal") return decodePercent(text) ?? text;
      return kind === "param" ? `{${text}}` : `{*${text}}`;
    })
    .join("/");
}
