import type { HeaderLine, TimedResponse } from "../host.ts";
import { inOnePiece } from "../http.ts";
import type { AzureResult, RpcCookie } from "./rpc.ts";

/**
 * Turns the result of an HTTP function into the answer its caller reads.
 *
 * A failure is an empty 500, a function that returned nothing an empty 204.
 *
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Binding/Http/RawScriptResult.cs
 */
export function fromHttpResult(result: AzureResult, method = "GET"): TimedResponse {
  const nothing = new Uint8Array();
  if (!result.ok) return inOnePiece(500, [["content-length", "0"]], nothing);
  const { returnValue } = result;
  if (!returnValue) return inOnePiece(204, [], nothing);
  const { http } = returnValue;
  if (!http) throw new Error(`[azure/http] not an HTTP answer: ${Object.keys(returnValue).join(", ")}.`);

  const status = Number.parseInt(http.statusCode ?? "200", 10);
  const headers = Object.entries(http.headers ?? {}).map(([name, value]): HeaderLine => [name, value]);
  const cookies = (http.cookies ?? []).map((cookie): HeaderLine => ["set-cookie", serializeCookie(cookie)]);
  const body = http.body?.bytes ?? Buffer.from(http.body?.string ?? http.body?.json ?? "");
  const bodyless = method.toUpperCase() === "HEAD" || status === 204 || status === 304;
  return inOnePiece(status, [...headers, ...cookies], bodyless ? nothing : body);
}

/**
 * Writes a cookie as ASP.NET Core does, in lower case, with the value percent-encoded and `path=/` by default.
 *
 * https://github.com/dotnet/aspnetcore/blob/main/src/Http/Http/src/Internal/ResponseCookies.cs
 */
function serializeCookie(cookie: RpcCookie): string {
  const { expires, maxAge, domain, path, secure, sameSite, httpOnly } = cookie;
  const attributes = [
    expires && `expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `max-age=${Math.floor(maxAge.value)}`,
    domain?.value && `domain=${domain.value}`,
    `path=${path?.value ?? "/"}`,
    secure?.value && "secure",
    sameSite && sameSite !== "none" && `samesite=${sameSite === "explicitNone" ? "none" : sameSite}`,
    httpOnly?.value && "httponly",
  ];
  return [`${cookie.name}=${escapeDataString(cookie.value)}`, ...attributes.filter(Boolean)].join("; ");
}

/** .NET's `Uri.EscapeDataString`, which leaves fewer characters alone than `encodeURIComponent`. */
function escapeDataString(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
