import { type Exchange, headersOf } from "./exchange.ts";

const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Scheme and host under which the caller reached the server; a host header that is no host is left out. */
export function originOf(exchange: Exchange): string {
  const { host, "x-forwarded-proto": forwarded } = headersOf(exchange);
  const proto = exchange.settings.trustProxy ? lastOf(forwarded)?.toLowerCase() : undefined;
  const scheme = proto === "https" ? "https" : "http";
  return `${scheme}://${host !== undefined && isHost(host) ? host : "localhost"}`;
}

/** Not every number or port of that form is one of a URL. */
function isHost(host: string): boolean {
  return HOST.test(host) && URL.canParse(`http://${host}`);
}

/** The caller's address: the socket's, or the one that the proxy in front saw, which it appended last. */
export function clientIpOf(exchange: Exchange): string | undefined {
  const forwarded = exchange.settings.trustProxy ? lastOf(headersOf(exchange)["x-forwarded-for"]) : undefined;
  return withoutPort(forwarded ?? exchange.request.socket.remoteAddress);
}

function lastOf(list: string | undefined): string | undefined {
  const last = list?.slice(list.lastIndexOf(",") + 1).trim();
  return last === "" ? undefined : last;
}

/** `1.2.3.4:80` and `[::1]:80` without the port; an IPv4 address that came over an IPv6 socket as IPv4. */
function withoutPort(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1];
  const bare = bracketed ?? address.replace(/^([^:]+):\d+$/, "$1");
  return bare.replace(/^::ffff:(?=\d+\.)/i, "");
}
