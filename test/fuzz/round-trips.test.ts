import { type LambdaContext, toLambda } from "@anyfn/aws";
import { defineFunction, type HttpEvent, http } from "@anyfn/core";
import { toCloudFunction } from "@anyfn/gcp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCloudAnswer } from "./targets/gcp.ts";

/** A request as its caller means it. */
interface Meant {
  readonly segments: readonly string[];
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly cookies: ReadonlyArray<readonly [string, string]>;
  readonly body: Uint8Array;
}

const text = fc.string({ unit: "grapheme", maxLength: 8 }).map((each) => each.toWellFormed());
const token = fc.stringMatching(/^[A-Za-z0-9!#$&'*+.^_`|~-]{1,8}$/);
const meant: fc.Arbitrary<Meant> = fc.record({
  segments: fc.array(
    text.filter((each) => each !== ""),
    { minLength: 1, maxLength: 4 },
  ),
  query: fc.array(fc.tuple(text, text), { maxLength: 4 }),
  cookies: fc.uniqueArray(fc.tuple(token, text), { maxLength: 4, selector: ([name]) => name }),
  body: fc.uint8Array({ minLength: 1, maxLength: 32 }),
});

const encode = encodeURIComponent;
const pathOf = ({ segments }: Meant): string => `/x/${segments.map(encode).join("/")}`;
const queryOf = ({ query }: Meant): string => query.map((pair) => pair.map(encode).join("=")).join("&");
const cookiesOf = ({ cookies }: Meant): string[] =>
  cookies.map(([name, value]) => `${name}=${encode(value)}`);

/** Values by name, in order, as gateways group them. */
function groupsOf(pairs: Iterable<readonly [string, string]>, change = (part: string): string => part) {
  const groups = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of pairs) {
    const list = groups[change(name)] ?? [];
    groups[change(name)] = [...list, change(value)];
  }
  return groups;
}

const bodyOf = ({ body }: Meant) => ({ body: Buffer.from(body).toString("base64"), isBase64Encoded: true });
const listsOf = (one: Meant) => ({ cookie: one.cookies.length > 0 ? [cookiesOf(one).join("; ")] : [] });
const domain = "abc.lambda-url.eu-west-1.on.aws";

/** How each front writes a request down. */
const FRONTS: Readonly<Record<string, (one: Meant) => object>> = {
  "function URL": (one) => ({
    version: "2.0",
    rawPath: pathOf(one),
    rawQueryString: queryOf(one),
    cookies: cookiesOf(one),
    requestContext: { http: { method: "POST" }, domainName: domain, stage: "$default" },
    ...bodyOf(one),
  }),
  "REST API": (one) => ({
    httpMethod: "POST",
    path: pathOf(one),
    multiValueQueryStringParameters: groupsOf(one.query),
    multiValueHeaders: listsOf(one),
    requestContext: { stage: "prod" },
    ...bodyOf(one),
  }),
  "load balancer": (one) => ({
    httpMethod: "POST",
    path: pathOf(one),
    multiValueQueryStringParameters: groupsOf(one.query, encode),
    multiValueHeaders: listsOf(one),
    requestContext: { elb: {} },
    ...bodyOf(one),
  }),
};

/** What a handler is given, in the caller's terms. */
async function readMeaning(event: HttpEvent) {
  return {
    rest: event.path.slice(3).split("/").map(decodeURIComponent),
    param: (event.params as { rest?: string }).rest,
    query: groupsOf(event.query),
    cookies: { ...event.cookies },
    body: [...(event.body ?? [])],
    sameInUrl: new URL(event.url).pathname.startsWith("/x/"),
  };
}

function expectation({ segments, query, cookies, body }: Meant) {
  // No URL can keep these two: whoever parses one takes them for steps.
  const hasSteps = segments.some((each) => /^\.{1,2}$/.test(each));
  return {
    rest: segments,
    param: segments.join("/"),
    query: groupsOf(query),
    cookies: Object.fromEntries(cookies),
    body: [...body],
    sameInUrl: hasSteps ? expect.any(Boolean) : true,
  };
}

function functionThat(see: (event: HttpEvent) => Promise<void>) {
  return defineFunction({ trigger: http.any("/x/{rest+}"), handler: see });
}

test.each(Object.entries(FRONTS))("what a caller means comes through a %s", async (_name, write) => {
  const seen: unknown[] = [];
  const handler = toLambda(functionThat(async (event) => void seen.push(await readMeaning(event))));
  await fc.assert(
    fc.asyncProperty(meant, async (one) => {
      seen.length = 0;
      await handler(write(one), { awsRequestId: "1" } as LambdaContext);
      expect(seen).toEqual([expectation(one)]);
    }),
  );
});

test("what a caller means comes through Google Cloud", async () => {
  const seen: unknown[] = [];
  const run = toCloudFunction(
    functionThat(async (event) => void seen.push(await readMeaning(event))),
    { env: {} },
  );
  await fc.assert(
    fc.asyncProperty(meant, async (one) => {
      seen.length = 0;
      const url = `${pathOf(one)}?${queryOf(one)}`;
      const headers = one.cookies.length > 0 ? { cookie: cookiesOf(one).join("; ") } : {};
      await readCloudAnswer(run, { method: "POST", url, headers, rawBody: Buffer.from(one.body) });
      expect(seen).toEqual([expectation(one)]);
    }),
  );
});
