import { decodeText, toByteString, withoutMark } from "../bytes.ts";
import { HttpError } from "../errors.ts";
import { SCHEMAS } from "../features.ts";
import type { HttpEvent } from "../triggers/http.ts";
import { parseCookies } from "./cookies.ts";
import { NO_PARAMS } from "./path.ts";
import { HEADER_VALUE, TOKEN } from "./syntax.ts";

/** The request's headers, for sources that find more than headers in them. */
export interface HttpHeaders {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** How to read one native variant of an HTTP request; stateless, so that one object serves every request. */
export interface HttpSource<Native> {
  /** Any case. */
  method(native: Native): string;
  /** Percent-encoded path as the caller sent it, starting with "/". */
  path(native: Native): string;
  /** Percent-encoded query without its "?", empty when there is none. */
  query(native: Native): string;
  /** By lower-case name; repeated ones joined by ", " and cookies by "; ". Read at most once. */
  headers(native: Native): Record<string, string>;
  /** Undefined when there is none. Read at most once. */
  body(native: Native): Uint8Array<ArrayBuffer> | undefined;
  /** The body where the platform hands it over as text, which spares the way through bytes; undefined otherwise. */
  bodyText?(native: Native): string | undefined;
  clientIp(native: Native, request: HttpHeaders): string | undefined;
  /** Scheme and host, such as `https://example.org`. */
  origin(native: Native, request: HttpHeaders): string;
  /** What the user sees as `raw`; by default the native request itself. */
  raw?(native: Native): unknown;
}

const EMPTY = new Uint8Array(0);

/** Values that schemas returned, which take the place of the raw parts. */
export interface ValidatedValues {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

/** A request whose parts are read from the native event when first touched. */
export class LazyHttpEvent<Native = unknown> implements HttpEvent {
  readonly method: string;
  readonly path: string;
  /** Set by the router before any handler runs. */
  params: Readonly<Record<string, string>> = NO_PARAMS;
  readonly #native: Native;
  readonly #source: HttpSource<Native>;
  #headers: Record<string, string> | undefined;
  #query: URLSearchParams | undefined;
  #cookies: Record<string, string> | undefined;
  #body: Uint8Array<ArrayBuffer> | null | undefined;
  #request: Request | undefined;
  #values: ValidatedValues | undefined;

  constructor(
    native: Native,
    source: HttpSource<Native>,
    method: string = source.method(native).toUpperCase(),
    path: string = source.path(native),
  ) {
    this.#native = native;
    this.#source = source;
    this.method = method;
    this.path = path;
  }

  get url(): string {
    const query = this.#source.query(this.#native);
    const path = `${this.#source.origin(this.#native, this)}${this.path}`;
    return query === "" ? path : `${path}?${query}`;
  }

  get query(): URLSearchParams {
    if (SCHEMAS && this.#values !== undefined && "query" in this.#values)
      return this.#values.query as URLSearchParams;
    this.#query ??= new URLSearchParams(this.#source.query(this.#native));
    return this.#query;
  }

  get headers(): Record<string, string> {
    this.#headers ??= this.#source.headers(this.#native);
    return this.#headers;
  }

  get cookies(): Record<string, string> {
    this.#cookies ??= parseCookies(this.headers.cookie);
    return this.#cookies;
  }

  get body(): Uint8Array<ArrayBuffer> | undefined {
    if (SCHEMAS && this.#values !== undefined && "body" in this.#values)
      return this.#values.body as Uint8Array<ArrayBuffer>;
    return this.#content();
  }

  #content(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#body === undefined) this.#body = this.#source.body(this.#native) ?? null;
    return this.#body ?? undefined;
  }

  get clientIp(): string | undefined {
    return this.#source.clientIp(this.#native, this);
  }

  get raw(): unknown {
    return this.#source.raw?.(this.#native) ?? this.#native;
  }

  // Getters of functions and not methods, so that `({ json }) => json()` works.
  get text(): () => Promise<string> {
    return async () => this.bodyText();
  }

  get json(): () => Promise<unknown> {
    return async () => parseJson(this.bodyText());
  }

  /** The body as text, empty when there is none; `text()` without a promise. */
  bodyText(): string {
    const text = this.#source.bodyText?.(this.#native);
    if (text !== undefined) return withoutMark(text);
    const bytes = this.#content();
    return bytes === undefined ? "" : withoutMark(decodeText(bytes));
  }

  get bytes(): () => Promise<Uint8Array<ArrayBuffer>> {
    return async () => this.#content() ?? EMPTY;
  }

  get formData(): () => Promise<FormData> {
    return () => this.#form();
  }

  async #form(): Promise<FormData> {
    const type = quoteBoundary(this.headers["content-type"] ?? "");
    try {
      return await new Response(this.#content() ?? null, { headers: { "content-type": type } }).formData();
    } catch (cause) {
      throw new HttpError(400, "The body is not the form its type announces.", { cause });
    }
  }

  get request(): Request {
    if (this.#request === undefined) {
      const headers = new Headers();
      for (const name in this.headers) appendHeader(headers, name, this.headers[name] ?? "");
      const carriesBody = this.method !== "GET" && this.method !== "HEAD";
      const body = carriesBody ? (this.#content() ?? null) : null;
      this.#request = new Request(this.url, { method: this.method, headers, body });
    }
    return this.#request;
  }

  /** The same request for the handler, with validated values; the types are the trigger's. */
  withValues(values: ValidatedValues): LazyHttpEvent<Native> {
    if (!SCHEMAS) return this;
    const event = new LazyHttpEvent(this.#native, this.#source, this.method, this.path);
    event.params = "params" in values ? (values.params as Readonly<Record<string, string>>) : this.params;
    event.#values = values;
    event.#headers = this.#headers;
    event.#query = this.#query;
    event.#cookies = this.#cookies;
    event.#body = this.#body;
    event.#request = this.#request;
    return event;
  }
}

/** Senders leave boundaries with a comma unquoted, with which Fetch would begin another value of the header. */
function quoteBoundary(contentType: string): string {
  return contentType.replace(/(boundary=)([^\s";]+)/i, '$1"$2"');
}

/** The body as JSON. @throws HttpError 400 when there is none or it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = text === "" ? "There is no body, and JSON is expected." : "The body is not valid JSON.";
    throw new HttpError(400, problem, { cause });
  }
}

/**
 * Gateways hand over names and values that HTTP does not allow, and `Headers` refuses; those are left out. Text beyond
 * Latin-1 goes in as its UTF-8 bytes, as it does on a connection.
 */
function appendHeader(headers: Headers, name: string, value: string): void {
  if (!TOKEN.test(name) || !HEADER_VALUE.test(value)) return;
  headers.append(name, /[^\0-\xff]/.test(value) ? toByteString(value) : value);
}
