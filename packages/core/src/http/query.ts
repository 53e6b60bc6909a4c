/** A query as an object for schemas: one value as text, a repeated name as a list. Has no prototype. */
export function queryObject(query: URLSearchParams): Record<string, string | string[]> {
  const object = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of query) {
    const before = object[name];
    if (before === undefined) object[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else object[name] = [before, value];
  }
  return object;
}

/** Encodes decoded names and values, as some gateways hand them over, into a query string. */
export function encodeQuery(pairs: Iterable<readonly [string, string]>): string {
  const parts: string[] = [];
  for (const [name, value] of pairs)
    parts.push(`${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`);
  return parts.join("&");
}
