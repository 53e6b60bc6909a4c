/** A request as the corpus writes it down. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bodyEncoding: "utf8" | "base64";
}

/** What a caller sends along, its credentials among it. */
export const CALLER: Readonly<Record<string, string>> = {
  host: "api.shop.example",
  authorization: "Bearer hunter2-token",
  cookie: "session=hunter2-session; theme=dark",
  "x-api-key": "hunter2-key",
  origin: "https://shop.example",
  "x-echo": "hello",
  "x-forwarded-for": "203.0.113.9, 198.51.100.7",
  "x-forwarded-host": "evil.example",
  "x-forwarded-proto": "https",
  forwarded: "for=1.2.3.4;host=evil.example",
  "function-execution-id": "fzexec123",
  "x-request-id": "request-1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01",
};

/** An order with something in it that no log may show. */
export const ORDER: string = JSON.stringify({ sku: "tea", quantity: 2, password: "hunter2-body" });

/** A request of JSON. */
export function post(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): SentRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    method: "POST",
    path,
    headers: { ...CALLER, "content-type": "application/json", ...headers },
    body: text,
    bodyEncoding: "utf8",
  };
}

/** A request of bytes. */
export function postBytes(
  path: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): SentRequest {
  return {
    ...post(path, "", headers),
    body: Buffer.from(bytes).toString("base64"),
    bodyEncoding: "base64",
  };
}

/** A CloudEvent in each mode in which HTTP carries one. */
export function cloudEvents(
  path: string,
  event: Readonly<Record<string, unknown>>,
): Readonly<Record<string, SentRequest>> {
  const whole = { specversion: "1.0", id: "e-1", source: "/shop", time: "2024-03-01T12:00:00Z", ...event };
  const { data, ...attributes } = whole as Readonly<Record<string, unknown>>;
  const names = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]);
  return {
    structured: post(path, whole, { "content-type": "application/cloudevents+json" }),
    binary: post(path, data ?? "", Object.fromEntries(names)),
    batch: post(path, [whole, { ...whole, id: "e-2" }], {
      "content-type": "application/cloudevents-batch+json",
    }),
  };
}

/** The parts of a request that is anything at all, as far as a platform could hand them over. */
export function readRequest(payload: unknown): SentRequest & { readonly bytes: Buffer } {
  const { method, path, headers, body, bodyEncoding } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const given = typeof headers === "object" && headers !== null ? headers : {};
  const pairs = Object.entries(given).flatMap(([name, value]) =>
    typeof value === "string" ? [[name.toLowerCase(), value] as const] : [],
  );
  const text = typeof body === "string" ? body : "";
  return {
    method: typeof method === "string" ? method : "GET",
    path: typeof path === "string" ? path : "/",
    headers: Object.fromEntries(pairs),
    body: text,
    bodyEncoding: bodyEncoding === "base64" ? "base64" : "utf8",
    bytes: Buffer.from(text, bodyEncoding === "base64" ? "base64" : "utf8"),
  };
}
