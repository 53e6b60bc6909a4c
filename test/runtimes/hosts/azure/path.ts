/**
 * Decodes a path as Kestrel does before the host sees it: everything but `%2F`, and only where the bytes are UTF-8.
 *
 * https://github.com/dotnet/aspnetcore/blob/main/src/Shared/UrlDecoder/UrlDecoder.cs
 */
export function decodePath(path: string): string {
  return path.replace(/(?:%(?!2f)[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/**
 * Writes a decoded path into a URL again: what cannot stand there is escaped, and so is nothing else.
 *
 * https://github.com/dotnet/aspnetcore/blob/main/src/Http/Http.Abstractions/src/PathString.cs
 */
export function encodePath(path: string): string {
  return path.replace(/%(?![0-9a-f]{2})|[^\w\-.~/!$&'()*+,;=:@%]+/gi, encodeURIComponent);
}

/** Query parameters in order, decoded, with values of the same name together; names are case-insensitive there. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const spelling = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
}
