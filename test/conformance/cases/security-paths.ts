import { type AnyFunction, defineFunction, http } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { answering } from "../payloads/answers.ts";

const traversing = (see: See): AnyFunction =>
  defineFunction({
    trigger: http.get("/files/{name}"),
    handler: ({ params, path }) => see([params.name, path]),
  });
const traverse = (title: string, path: string, name: string, expectOn: Case["expectOn"] = {}): Case => ({
  id: "Z7",
  title,
  define: traversing,
  request: { method: "GET", url: path },
  expect: { seen: [[name, path]] },
  expectOn,
});

/** Paths that would lead out of their place. */
export const HOSTILE_PATHS: readonly Case[] = [
  traverse(
    "keeps encoded slashes and dots in a parameter",
    "/files/..%2f..%2fetc%2fpasswd",
    "../../etc/passwd",
  ),
  traverse("decodes a parameter once", "/files/%252e%252e%252fpasswd", "%2e%2e%2fpasswd", {
    // The host has decoded it before, and does not escape it again.
    azure: { seen: [["../passwd", "/files/%2e%2e%2fpasswd"]] },
  }),
  traverse("keeps an encoded backslash", "/files/..%5C..%5Cpasswd", "..\\..\\passwd"),
  traverse("keeps an encoded null character", "/files/a%00.png", "a\0.png"),
  ...["/files/../it", "/files/%2e%2e/it", "/it/../../it/..", "/%2e/it", "//it", "/files/..;/it"].map(
    (url): Case => ({
      id: "Z7",
      title: `does not take ${url} for /it`,
      define: answering(() => "reached"),
      request: { method: "GET", url },
      expect: { reply: { status: 404 } },
    }),
  ),
];
