import { AnyfnError } from "@anyfn/core";
import { acceptsMethod, decodePercent, parseTemplate } from "@anyfn/core/adapter";
import type { HttpEndpoint } from "./endpoint.ts";

/** Routes by segment; in each step a literal comes before a parameter, and a parameter before the rest. */
interface Branch {
  readonly literals: Map<string, Branch>;
  param: Branch | undefined;
  /** Endpoints that take the rest of the path from here, and those that end here. */
  readonly rest: HttpEndpoint[];
  readonly here: HttpEndpoint[];
}

/** The HTTP functions of a server by path. */
export interface Router {
  /** Every endpoint whose template matches a path, the most specific first. */
  match(path: string): readonly HttpEndpoint[];
}

/**
 * Makes a router.
 *
 * @throws AnyfnError `invalid-definition` when two functions would answer the same requests.
 */
export function createRouter(endpoints: readonly HttpEndpoint[]): Router {
  const root = newBranch();
  for (const endpoint of endpoints) insert(root, endpoint);
  return {
    match: (path) => {
      const found: HttpEndpoint[] = [];
      collect(root, path, 1, found);
      return found;
    },
  };
}

function newBranch(): Branch {
  return { literals: new Map(), param: undefined, rest: [], here: [] };
}

function insert(root: Branch, endpoint: HttpEndpoint): void {
  let branch = root;
  for (const segment of parseTemplate(endpoint.path)) {
    if (segment.kind === "rest") {
      place(branch.rest, endpoint);
      return;
    }
    if (segment.kind === "param") {
      branch.param ??= newBranch();
      branch = branch.param;
      continue;
    }
    const next = branch.literals.get(segment.text) ?? newBranch();
    branch.literals.set(segment.text, next);
    branch = next;
  }
  place(branch.here, endpoint);
}

/** Functions of one template stand in the order of the functions, those of every method last. */
function place(list: HttpEndpoint[], endpoint: HttpEndpoint): void {
  const other = list.find(({ methods }) => methods.some((method) => endpoint.methods.includes(method)));
  if (other !== undefined) {
    throw new AnyfnError(
      "invalid-definition",
      `The functions "${other.name}" and "${endpoint.name}" answer the same requests: ${other.path} and ` +
        `${endpoint.path}. Give one of them another path or method.`,
      { provider: "node", trigger: "http" },
    );
  }
  const position = list.findIndex(({ methods }) => methods[0] === "*");
  if (position === -1) list.push(endpoint);
  else list.splice(position, 0, endpoint);
}

/** Walks on from the segment that starts at `start`; behind the end of the path there is none. */
function collect(branch: Branch, path: string, start: number, found: HttpEndpoint[]): void {
  if (start > path.length) {
    found.push(...branch.here);
    return;
  }
  const slash = path.indexOf("/", start);
  const end = slash === -1 ? path.length : slash;
  const text = path.slice(start, end);
  const literal =
    branch.literals.get(text) ?? (text.includes("%") ? decodedLiteral(branch, text) : undefined);
  if (literal !== undefined) collect(literal, path, end + 1, found);
  if (text !== "" && branch.param !== undefined) collect(branch.param, path, end + 1, found);
  if (start < path.length) found.push(...branch.rest);
}

function decodedLiteral(branch: Branch, text: string): Branch | undefined {
  return branch.literals.get(decodePercent(text) ?? text);
}

/**
 * The endpoint for a method among those at a path. A preflight goes to the function that the browser means to call,
 * when that one has CORS rules.
 */
export function chooseEndpoint(
  matches: readonly HttpEndpoint[],
  method: string,
  preflightFor: string | undefined,
): HttpEndpoint | undefined {
  if (method === "OPTIONS" && preflightFor !== undefined) {
    const wanted = preflightFor.toUpperCase();
    const takers = matches.filter(({ methods }) => acceptsMethod(methods, wanted));
    // Where there is none, any of them says what is allowed, and the browser refuses.
    const target = (takers.length > 0 ? takers : matches).find(({ hasCors }) => hasCors);
    if (target !== undefined) return target;
  }
  return matches.find(({ methods }) => acceptsMethod(methods, method));
}

/** The methods of all functions at a path, for a 405. */
export function allowedMethods(matches: readonly HttpEndpoint[]): string[] {
  return [...new Set(matches.flatMap(({ methods }) => methods))].filter((method) => method !== "*");
}
