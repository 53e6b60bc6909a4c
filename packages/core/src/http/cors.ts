import type { CorsOptions, HttpEvent, HttpReply } from "../triggers/http.ts";
import { makeReply } from "./reply.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** The answer to a preflight, or undefined when the request is none. See https://fetch.spec.whatwg.org/#cors-preflight-request. */
export function answerPreflight(cors: CorsOptions, event: HttpEvent): HttpReply | undefined {
  if (event.method !== "OPTIONS" || event.headers["access-control-request-method"] === undefined)
    return undefined;
  const answer = makeReply(204, undefined, [], undefined);
  if (!allowOrigin(cors, event, answer)) return answer;
  const headers = cors.headers?.join(", ") ?? wantedHeaders(event);
  answer.headers["access-control-allow-methods"] = (cors.methods ?? METHODS).join(", ");
  if (headers !== undefined) answer.headers["access-control-allow-headers"] = headers;
  if (cors.maxAge !== undefined) answer.headers["access-control-max-age"] = String(cors.maxAge);
  if (cors.headers === undefined) addVary(answer, "Access-Control-Request-Headers");
  return answer;
}

/** The names that the browser asks for, when they are names: they go back into a header. */
function wantedHeaders(event: HttpEvent): string | undefined {
  const names = event.headers["access-control-request-headers"];
  return names !== undefined && /^[\w!#$%&'*+.^`|~, -]+$/.test(names) ? names : undefined;
}

/** Adds the headers that let a script of an allowed origin read the answer. */
export function addCorsHeaders(cors: CorsOptions, event: HttpEvent, answer: HttpReply): void {
  if (!allowOrigin(cors, event, answer)) return;
  if (cors.expose !== undefined) answer.headers["access-control-expose-headers"] = cors.expose.join(", ");
}

function allowOrigin(cors: CorsOptions, event: HttpEvent, answer: HttpReply): boolean {
  if (cors.origins === "*") {
    answer.headers["access-control-allow-origin"] = "*";
    return true;
  }
  addVary(answer, "Origin");
  const origin = event.headers.origin;
  if (origin === undefined || !cors.origins.includes(origin)) return false;
  answer.headers["access-control-allow-origin"] = origin;
  if (cors.credentials) answer.headers["access-control-allow-credentials"] = "true";
  return true;
}

function addVary(answer: HttpReply, name: string): void {
  const before = answer.headers.vary;
  if (before === undefined) answer.headers.vary = name;
  else if (
    !before
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(name.toLowerCase())
  )
    answer.headers.vary = `${before}, ${name}`;
}
