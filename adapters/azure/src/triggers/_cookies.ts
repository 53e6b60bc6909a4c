import { decodePercent } from "@anyfn/core/adapter";
import type { AzureCookie } from "../native.ts";

/** How cookies leave: at most one as a raw header, the others as objects that the host writes out. */
export interface AnswerCookies {
  readonly header: string | undefined;
  readonly cookies: AzureCookie[];
}

/** Attributes that {@link AzureCookie} has no member for. */
const INEXPRESSIBLE = /;\s*(?:partitioned|priority)\s*(?:=|;|$)/i;

/**
 * Divides `Set-Cookie` values. An answer's headers hold one value a name, so a single cookie goes there as it is. Of
 * several, one that an object cannot express goes there, where the answer is not streamed: a streamed one takes
 * either the header or the objects.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/src/converters/toRpcHttp.ts
 */
export function divideCookies(values: readonly string[], streaming: boolean): AnswerCookies {
  if (values.length <= 1) return { header: values[0], cookies: [] };
  const raw = streaming ? -1 : values.findIndex((value) => INEXPRESSIBLE.test(value));
  return { header: values[raw], cookies: values.filter((_, index) => index !== raw).map(parseCookie) };
}

/**
 * A `Set-Cookie` value as an object. The host percent-encodes the value again when it writes the line, so it is
 * decoded where it can be.
 */
export function parseCookie(text: string): AzureCookie {
  const [pair = "", ...attributes] = text.split(";");
  const [name, value] = divide(pair);
  const cookie: AzureCookie = { name, value: decodePercent(value) ?? value };
  for (const attribute of attributes) setAttribute(cookie, ...divide(attribute));
  return cookie;
}

function setAttribute(cookie: AzureCookie, name: string, value: string): void {
  switch (name.toLowerCase()) {
    case "domain":
      cookie.domain = value;
      return;
    case "path":
      cookie.path = value;
      return;
    case "expires": {
      const time = new Date(value).getTime();
      // The library leaves out the epoch and what is before it, and the cookie would not be deleted.
      if (!Number.isNaN(time)) cookie.expires = new Date(Math.max(time, 1000));
      return;
    }
    case "max-age":
      if (/^-?\d+$/.test(value)) cookie.maxAge = Number(value);
      return;
    case "secure":
      cookie.secure = true;
      return;
    case "httponly":
      cookie.httpOnly = true;
      return;
    case "samesite": {
      const sameSite = (["Strict", "Lax", "None"] as const).find(
        (word) => word.toLowerCase() === value.toLowerCase(),
      );
      if (sameSite !== undefined) cookie.sameSite = sameSite;
    }
  }
}

/** Name and value around the first "=". */
function divide(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text.trim(), ""] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}
