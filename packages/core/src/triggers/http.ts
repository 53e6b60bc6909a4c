import { AnyfnError } from "../errors.ts";
import { CHECKS } from "../features.ts";
import { parseTemplate } from "../http/path.ts";
import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";

/** An HTTP request, the same on every provider. */
export interface HttpEvent<
  Params = Readonly<Record<string, string>>,
  Query = URLSearchParams,
  Body = Uint8Array | undefined,
> {
  /** Upper case. */
  readonly method: string;
  /** Absolute URL, percent-encoded. */
  readonly url: string;
  /** Path of the URL as it was sent, percent-encoded. */
  readonly path: string;
  /** Path parameters, percent-decoded once; validated where the trigger has a schema. */
  readonly params: Params;
  /** The query: `URLSearchParams`, or the validated object where the trigger has a schema. */
  readonly query: Query;
  /** Headers by lower-case name; repeated ones joined by ", " (cookies by "; "). */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Cookies by name, percent-decoded; the first wins where a name is repeated. */
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** The body's bytes, undefined when there is none; or the validated value where the trigger has a schema. */
  readonly body: Body;
  /** The caller's IP address without port; undefined where the platform does not say. */
  readonly clientIp: string | undefined;
  /** The body as UTF-8 text. */
  text(): Promise<string>;
  /** The body as JSON. @throws HttpError 400 when it is not JSON. */
  json(): Promise<unknown>;
  /** The body's bytes, empty when there is none. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** The body as a form, multipart or URL-encoded. @throws HttpError 400 when it is neither. */
  formData(): Promise<FormData>;
  /** The request as a WHATWG `Request`, made when first touched. Its body is absent for GET and HEAD. */
  readonly request: Request;
  /** The provider's own event. */
  readonly raw: unknown;
}

/** A cookie to set; see RFC 6265. The value is percent-encoded where it must be. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: string;
  readonly path?: string;
  readonly expires?: Date;
  /** Seconds. */
  readonly maxAge?: number;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: "Strict" | "Lax" | "None";
  readonly partitioned?: boolean;
  readonly priority?: "Low" | "Medium" | "High";
}

/** Body of an answer in its final form: text, bytes, a stream of them, or nothing. */
export type HttpBody =
  | string
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | undefined;

/** A normalised answer: what adapters translate, and what `next()` gives to HTTP middleware. */
export interface HttpReply {
  readonly kind: "anyfn.reply";
  status: number;
  /** By lower-case name; never holds `set-cookie`. */
  headers: Record<string, string>;
  /** Values of `Set-Cookie`, one a cookie. */
  cookies: string[];
  body: HttpBody;
}

/** How browsers of other origins may call a function; the preflight is answered without the handler. */
export interface CorsOptions {
  /** Allowed origins, `"*"` for all; exact matches. */
  readonly origins: "*" | readonly string[];
  /** Allowed methods; by default GET, HEAD, POST, PUT, PATCH and DELETE. */
  readonly methods?: readonly string[];
  /** Allowed request headers; by default those that the browser asks for. */
  readonly headers?: readonly string[];
  /** Response headers that scripts may read. */
  readonly expose?: readonly string[];
  /** Whether cookies and credentials are allowed; needs named origins. */
  readonly credentials?: boolean;
  /** Seconds for which the browser may keep the preflight's answer. */
  readonly maxAge?: number;
}

/** Options of an HTTP trigger. */
export interface HttpOptions<
  P extends Schema | undefined = Schema | undefined,
  Q extends Schema | undefined = Schema | undefined,
  B extends Schema | undefined = Schema | undefined,
> {
  /** Validates the path parameters. */
  readonly params?: P;
  /** Validates the query as an object; a repeated name is a list. */
  readonly query?: Q;
  /** Validates the body: JSON, a URL-encoded or multipart form as an object, text, or else bytes. */
  readonly body?: B;
  /** Lets browsers of other origins call this function. */
  readonly cors?: CorsOptions;
}

/** A declared HTTP trigger. */
export interface HttpTrigger<Params = unknown, Query = unknown, Body = unknown>
  extends Trigger<"http", HttpEvent<Params, Query, Body>, unknown> {
  /** Upper case; `["*"]` for any. */
  readonly methods: readonly string[];
  /** Template such as `/orders/{id}` or `/files/{path+}`. */
  readonly path: string;
  readonly params: Schema | undefined;
  readonly query: Schema | undefined;
  readonly body: Schema | undefined;
  readonly cors: CorsOptions | undefined;
}

type ParamName<Inner extends string> = Inner extends `${infer Name}+` ? Name : Inner;

/** The parameters that a path template names, all text. */
export type PathParams<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : { readonly [Name in ParamNames<Path>]: string };

type ParamNames<Path extends string> = Path extends `${string}{${infer Inner}}${infer Rest}`
  ? ParamName<Inner> | ParamNames<Rest>
  : never;

type Validated<S, Otherwise> = S extends Schema<unknown, infer Output> ? Output : Otherwise;

/** Declares a function that answers HTTP requests of one method. */
export type HttpMethod = <
  const Path extends string,
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(
  path: Path,
  options?: HttpOptions<P, Q, B>,
) => HttpTrigger<
  Validated<P, PathParams<Path>>,
  Validated<Q, URLSearchParams>,
  Validated<B, Uint8Array | undefined>
>;

/** HTTP triggers by method; `any` takes every method. */
export interface Http {
  readonly get: HttpMethod;
  readonly post: HttpMethod;
  readonly put: HttpMethod;
  readonly patch: HttpMethod;
  readonly delete: HttpMethod;
  readonly any: HttpMethod;
}

/**
 * Declares an HTTP trigger. `{name}` in the path takes one segment, `{name+}` at the end takes the rest.
 * A GET trigger answers HEAD as well.
 *
 * @example http.get("/orders/{id}", { params: z.object({ id: z.coerce.number() }) })
 */
export const http: Http = {
  get: method(["GET", "HEAD"]),
  post: method(["POST"]),
  put: method(["PUT"]),
  patch: method(["PATCH"]),
  delete: method(["DELETE"]),
  any: method(["*"]),
};

function method(methods: readonly string[]): HttpMethod {
  return (path, options = {}) => {
    if (CHECKS) check(path, options);
    const { params, query, body, cors } = options;
    return { kind: "http", methods, path, params, query, body, cors };
  };
}

function check(path: string, options: HttpOptions): void {
  parseTemplate(path);
  for (const part of ["params", "query", "body"] as const) {
    assertSchema(options[part], `\`${part}\` of ${path}`);
  }
  assertCors(options.cors);
}

function assertCors(cors: CorsOptions | undefined): void {
  if (cors === undefined || !(cors.credentials && cors.origins === "*")) return;
  throw new AnyfnError(
    "invalid-definition",
    'CORS with credentials cannot allow every origin: browsers refuse "*". Name the origins.',
  );
}
