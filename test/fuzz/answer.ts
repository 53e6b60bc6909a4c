import { STATUS_CODES } from "node:http";
import { checkText } from "./trial.ts";
import type { Witness } from "./witness.ts";

/** An answer to HTTP, whatever it was written with. */
export interface Answer {
  readonly status: unknown;
  readonly headers: ReadonlyArray<readonly [string, unknown]>;
  readonly cookies: readonly unknown[];
  readonly body: string;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\uffff]*$/;
const TYPES = /^(?:application\/json|application\/problem\+json|text\/plain; charset=utf-8)$/;

/** Every header that is not the handler's own, with what may stand in it: nothing that a caller chose. */
const KNOWN: Readonly<Record<string, RegExp>> = {
  "content-type": TYPES,
  "content-length": /^\d+$/,
  // The gateway's or proxy's own id of the request.
  "x-request-id": /^[\w.~+/=:@-]{1,128}$/,
  "retry-after": /^7$/,
  allow: /^[A-Z]+(?:, [A-Z]+)*$/,
  vary: /^[\w, -]+$/,
  "access-control-allow-origin": /^https:\/\/shop\.example$/,
  "access-control-allow-credentials": /^true$/,
  "access-control-allow-methods": /^[A-Z, ]+$/,
  "access-control-allow-headers": /^[\w!#$%&'*+.^`|~, -]+$/,
  "webhook-allowed-origin": /^eventgrid\.azure\.net$/i,
  "webhook-allowed-rate": /^(?:\*|\d{1,9})$/,
  // Node's own.
  date: /^[\w,: ]+$/,
  connection: /^(?:close|keep-alive)$/,
  "keep-alive": /^timeout=\d+(?:, max=\d+)?$/,
  "transfer-encoding": /^chunked$/,
};

/** What is wrong with an answer. What a handler sent back itself is its own business, as long as HTTP can carry it. */
export function checkAnswer({ status, headers, cookies, body }: Answer, { reaction }: Witness): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(status) || Number(status) < 100 || Number(status) > 599)
    problems.push(`the status is ${String(status)}`);
  const isEcho = reaction === "echo" && Number(status) < 300;
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) problems.push(`the header ${JSON.stringify(name)} has no name`);
    if (typeof value !== "string" || !VALUE.test(value)) problems.push(`the header ${name} cannot be sent`);
    else if (!isEcho && !KNOWN[name.toLowerCase()]?.test(value))
      problems.push(`the header ${name} is ${JSON.stringify(value.slice(0, 80))}`);
  }
  if (cookies.length > (isEcho ? 1 : 0)) problems.push(`${cookies.length} cookies were set`);
  for (const cookie of cookies) {
    if (!/^echo=[^;\s\\",]*; Path=\/$/.test(String(cookie)))
      problems.push(`the cookie is ${JSON.stringify(String(cookie).slice(0, 80))}`);
  }
  if (!isEcho) problems.push(...checkText("an answer", body));
  if (Number(status) >= 400) problems.push(...checkProblem(Number(status), body));
  return problems;
}

/** An error is told in the form of RFC 9457. */
function checkProblem(status: number, body: string): string[] {
  // HEAD.
  if (body === "") return [];
  try {
    const problem = JSON.parse(body) as { status?: unknown; title?: unknown };
    const isProblem = problem.status === status && problem.title === STATUS_CODES[status];
    return isProblem ? [] : [`the problem is ${body.slice(0, 120)}`];
  } catch {
    return [`the body of ${status} is no problem: ${body.slice(0, 120)}`];
  }
}

/** An answer that tells a source to forget events: only when the handler ran to its end for each. */
export function checkAcknowledged(status: unknown, expected: number, { done }: Witness): string[] {
  const isDone = Number(status) >= 200 && Number(status) <= 299;
  if (!isDone || done === expected) return [];
  return [`${status} for ${expected} events, of which ${done} were handled`];
}
