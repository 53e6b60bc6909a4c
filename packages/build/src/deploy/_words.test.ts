import { expect, it } from "vitest";
import { wordsOf } from "./_words.ts";

const named = (name: string, message: string, rest: object = {}) =>
  Object.assign(new Error(message), { name, ...rest });

it.each<[string, unknown, string]>([
  ["a plain error", new Error("no"), "no"],
  ["ours", named("AnyfnError", "no"), "no"],
  ["a provider's", named("AccessDeniedException", "no"), "AccessDeniedException: no"],
  ["one without a message", named("TimeoutError", ""), "TimeoutError"],
  [
    "one without a message but with a code",
    named("SystemError", "", { code: "ECONNRESET" }),
    "SystemError: ECONNRESET",
  ],
  [
    "one that hides its cause",
    new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND x") }),
    "fetch failed: getaddrinfo ENOTFOUND x",
  ],
  ["a cause that says nothing new", new Error("no", { cause: new Error("token") }), "no"],
  [
    "one an address",
    new AggregateError([new Error("connect ECONNREFUSED ::1"), new Error("connect ECONNREFUSED 127.0.0.1")]),
    "connect ECONNREFUSED ::1, connect ECONNREFUSED 127.0.0.1",
  ],
  ["a text", "no", "no"],
])("puts %s into words", (_, error, words) => {
  expect(wordsOf(error)).toBe(words);
});
