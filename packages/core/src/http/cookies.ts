import { bareObject } from "../bare.ts";
import { decodePercent } from "../bytes.ts";
import { AnyfnError } from "../errors.ts";
import type { Cookie } from "../triggers/http.ts";
import { TOKEN } from "./syntax.ts";

const ATTRIBUTE = /^[\x20-\x3a\x3c-\x7e]*$/;

/** Cookies of a `Cookie` header by name; the first of a name wins, a malformed escape is kept as it is. */
export function parseCookies(header: string | undefined): Record<string, string> {
  const cookies = bareObject<string>();
  for (const part of header?.split(";") ?? []) {
    const equals = part.indexOf("=");
    if (equals === -1) continue;
    const name = part.slice(0, equals).trim();
    if (name === "" || cookies[name] !== undefined) continue;
    const text = part.slice(equals + 1).trim();
    const value = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
    cookies[name] = decodePercent(value) ?? value;
  }
  return cookies;
}

/**
 * The value of a `Set-Cookie` header; see RFC 6265, section 4.1.
 *
 * @throws AnyfnError `invalid-answer` for a name or attribute that could start another attribute or header.
 */
export function serializeCookie(cookie: Cookie): string {
  if (!TOKEN.test(cookie.name))
    throw invalid(cookie.name, "its name has characters that a cookie name cannot have");
  let text = `${cookie.name}=${encodeURIComponent(cookie.value.toWellFormed())}`;
  if (cookie.domain !== undefined) text += `; Domain=${attribute(cookie, "domain")}`;
  if (cookie.path !== undefined) text += `; Path=${attribute(cookie, "path")}`;
  if (cookie.expires !== undefined) {
    if (Number.isNaN(cookie.expires.getTime())) throw invalid(cookie.name, "its expires is not a valid date");
    text += `; Expires=${cookie.expires.toUTCString()}`;
  }
  if (cookie.maxAge !== undefined) {
    if (!Number.isInteger(cookie.maxAge)) throw invalid(cookie.name, "its maxAge is not in whole seconds");
    text += `; Max-Age=${cookie.maxAge}`;
  }
  if (cookie.httpOnly) text += "; HttpOnly";
  if (cookie.secure) text += "; Secure";
  if (cookie.sameSite !== undefined) text += `; SameSite=${attribute(cookie, "sameSite")}`;
  if (cookie.priority !== undefined) text += `; Priority=${attribute(cookie, "priority")}`;
  if (cookie.partitioned) text += "; Partitioned";
  return text;
}

function attribute(cookie: Cookie, key: "domain" | "path" | "sameSite" | "priority"): string {
  const value = cookie[key] ?? "";
  if (!ATTRIBUTE.test(value))
    throw invalid(cookie.name, `its ${key} has a character that a cookie cannot have`);
  return value;
}

function invalid(name: string, problem: string): AnyfnError {
  return new AnyfnError("invalid-answer", `The cookie ${JSON.stringify(name)} cannot be set: ${problem}.`);
}
