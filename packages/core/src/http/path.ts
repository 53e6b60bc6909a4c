import { decodePercent } from "../bytes.ts";
import { AnyfnError } from "../errors.ts";

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
const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/**
 * Parses `/orders/{id}` and `/files/{path+}`.
 *
 * @throws AnyfnError `invalid-definition` for a template that no platform could serve.
 */
export function parseTemplate(path: string): Template {
  if (typeof path !== "string" || !path.startsWith("/")) {
    throw invalid(String(path), 'it must start with "/"');
  }
  const names = new Set<string>();
  const parts = path.slice(1).split("/");
  return parts.map((part, index) => {
    const segment = parseSegment(path, part);
    if (segment.kind === "literal") return segment;
    if (names.has(segment.text)) throw invalid(path, `the parameter "${segment.text}" stands in it twice`);
    if (segment.kind === "rest" && index !== parts.length - 1) {
      throw invalid(path, `"${part}" takes the rest of the path and must be last`);
    }
    names.add(segment.text);
    return segment;
  });
}

function parseSegment(path: string, part: string): TemplateSegment {
  if (!/[{}*?#]/.test(part)) return { kind: "literal", text: part };
  const inner = /^\{([^{}]*)\}$/.exec(part)?.[1] ?? "";
  const rest = inner.endsWith("+");
  const name = rest ? inner.slice(0, -1) : inner;
  if (!NAME.test(name)) {
    throw invalid(
      path,
      `"${part}" is neither a literal nor a parameter. A parameter is a whole segment: {id} or {path+}`,
    );
  }
  return { kind: rest ? "rest" : "param", text: name };
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
  let start = 1;
  for (const [index, segment] of template.entries()) {
    if (start > path.length && !(index === 0 && path === "")) return undefined;
    const slash = segment.kind === "rest" ? -1 : path.indexOf("/", start);
    const end = slash === -1 ? path.length : slash;
    const text = path.slice(start, end);
    start = end + 1;
    if (segment.kind === "literal") {
      if (text !== segment.text && decodePercent(text) !== segment.text) return undefined;
      continue;
    }
    if (text === "") return undefined;
    const value = decodePercent(text);
    if (value === undefined) return "malformed";
    params ??= Object.create(null) as Record<string, string>;
    params[segment.text] = value;
  }
  return start > path.length ? (params ?? NO_PARAMS) : undefined;
}

/** Takes a base path off on a segment boundary; a path outside it is left as it is. */
export function stripBasePath(path: string, basePath: string | undefined): string {
  if (basePath === undefined || basePath === "" || basePath === "/") return path;
  if (!path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  if (rest === "") return "/";
  return rest.startsWith("/") ? rest : path;
}

/**
 * Escapes what cannot stand literally in a path, for gateways that decode it before the function sees it: a `?` or
 * `#` in it is part of the path, never the start of a query. Escapes that are there stay.
 */
export function escapeDecodedPath(path: string): string {
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/.test(path)) return path;
  return path
    .replace(/%(?![0-9A-Fa-f]{2})/g, "%25")
    .replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]+/gu, (text) =>
      encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd")),
    );
}
