import { bareObject } from "../bare.ts";
import { decodePercent } from "../bytes.ts";
import { AnyfnError } from "../errors.ts";
import { CHECKS } from "../features.ts";

/** One segment of a template: a literal as it stands in an encoded path, a parameter, or the rest of the path. */
export interface TemplateSegment {
  readonly kind: "literal" | "param" | "rest";
  /** The literal's text or the parameter's name. */
  readonly text: string;
}

/** A parsed path template. */
export type Template = readonly TemplateSegment[];

/** What matching gives: the parameters; `"malformed"` for a bad percent escape; undefined for no match. */
export type PathMatch = Readonly<Record<string, string>> | "malformed" | undefined;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** The parameters of a path that has none. */
export const NO_PARAMS: Readonly<Record<string, string>> = /* @__PURE__ */ Object.freeze(
  Object.create(null) as Record<string, string>,
);

/**
 * Parses `/orders/{id}` and `/files/{path+}`.
 *
 * @throws AnyfnError `invalid-definition` for a template that no platform could serve.
 */
export function parseTemplate(path: string): Template {
  if (CHECKS) check(path);
  return path.slice(1).split("/").map(parseSegment);
}

function parseSegment(part: string): TemplateSegment {
  const name = /^\{(.*?)(\+?)\}$/.exec(part);
  if (name === null) return { kind: "literal", text: part };
  return { kind: name[2] === "+" ? "rest" : "param", text: name[1] ?? "" };
}

function check(path: string): void {
  if (typeof path !== "string" || !path.startsWith("/")) {
    throw invalid(String(path), 'it must start with "/"');
  }
  const names = new Set<string>();
  const parts = path.slice(1).split("/");
  for (const [index, part] of parts.entries()) {
    const { kind, text } = parseSegment(part);
    if (kind === "literal" ? /^:|[{}*?#]/.test(part) : !NAME.test(text)) {
      throw invalid(
        path,
        `"${part}" is neither a literal nor a parameter. A parameter is a whole segment: {id} or {path+}`,
      );
    }
    if (kind === "literal") continue;
    if (names.has(text)) throw invalid(path, `the parameter "${text}" stands in it twice`);
    if (kind === "rest" && index !== parts.length - 1) {
      throw invalid(path, `"${part}" takes the rest of the path and must be last`);
    }
    names.add(text);
  }
}

function invalid(path: string, problem: string): AnyfnError {
  return new AnyfnError("invalid-definition", `"${path}" is not a path template: ${problem}.`);
}

/**
 * Matches an encoded path, segment by segment and case-sensitively. Each parameter is decoded once, after
 * splitting, so that an encoded slash stays within its parameter.
 */
export function matchPath(template: Template, path: string): PathMatch {
  let params: Record<string, string> | undefined;
  let isMalformed = false;
  let start = 1;
  for (const { kind, text: expected } of template) {
    if (start > path.length && path !== "") return undefined;
    const slash = kind === "rest" ? -1 : path.indexOf("/", start);
    const end = slash === -1 ? path.length : slash;
    const text = path.slice(start, end);
    start = end + 1;
    const value = text === expected ? text : decodePercent(text);
    if (kind === "literal") {
      if (value !== expected) return undefined;
      continue;
    }
    if (text === "") return undefined;
    if (value === undefined) {
      isMalformed = true;
      continue;
    }
    params ??= bareObject<string>();
    params[expected] = value;
  }
  if (start <= path.length) return undefined;
  return isMalformed ? "malformed" : (params ?? NO_PARAMS);
}

/** A base path as users write it, with or without slashes around it, in the one form that is taken off. */
export function toBasePath(option: string | undefined): string | undefined {
  const segments = option?.replace(/^\/+|\/+$/g, "");
  return segments && `/${segments}`;
}

/** Takes a base path off on a segment boundary; a path outside it is left as it is. */
export function stripBasePath(path: string, basePath: string | undefined): string {
  if (!basePath || !path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  if (rest === "") return "/";
  return rest.startsWith("/") ? rest : path;
}

/**
 * Escapes what cannot stand literally in a path, for gateways that decode it before the function sees it: a `?` or
 * `#` in it is part of the path, never the start of a query. Escapes that are there stay.
 */
export function escapeDecodedPath(path: string): string {
  if (!/[^\w\-.~!$&'()*+,;=:@/]/.test(path)) return path;
  return path.replace(/%(?![\dA-Fa-f]{2})|[^\w\-.~!$&'()*+,;=:@/%]+/g, (text) =>
    encodeURIComponent(text.toWellFormed()),
  );
}
