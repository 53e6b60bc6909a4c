import { directHandler } from "@anyfn/aws/direct";
import { httpHandler } from "@anyfn/aws/http";
import { queueHandler } from "@anyfn/aws/queue";
import {
  type AnyFunction,
  defineFunction,
  direct,
  type HttpEvent,
  http,
  queue,
  type Schema,
} from "@anyfn/core";
import { httpFunction } from "@anyfn/gcp/http";
import { createServer } from "@anyfn/node";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { deploy } from "../support/azure-app.ts";
import { openExchange } from "./guards/exchange.ts";
import { LAMBDA_CONTEXT } from "./guards/open.ts";

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

const path = "/orders/7";
const body = '{"sku":"a-1"}';
const headers = { "content-type": "application/json", "content-length": String(body.length), cookie: "a=1" };
const httpEvent = {
  version: "2.0",
  rawPath: path,
  rawQueryString: "page=2",
  headers,
  cookies: ["a=1"],
  requestContext: { stage: "$default", http: { method: "POST", path, sourceIp: "192.0.2.1" } },
  body,
  isBase64Encoded: false,
};
const sqsEvent = { Records: [{ messageId: "m-1", body, attributes: {}, eventSource: "aws:sqs" }] };
const azureRequest = {
  method: "POST",
  url: `https://shop.azurewebsites.net${path}?page=2`,
  nullableHeaders: { "content-type": { value: "application/json" } },
  nullableQuery: { page: { value: "2" } },
  nullableParams: { id: { value: "7" } },
  body: { bytes: Buffer.from(body) },
};

/** Calls a function once, the way its platform does. */
type Call = () => Promise<unknown>;

function onServer(listener: (...exchange: ReturnType<typeof openExchange>) => unknown): Call {
  return async () => {
    const [request, response] = openExchange({ method: "POST", url: `${path}?page=2`, headers, body });
    await listener(request, response);
    await vi.waitUntil(() => response.writableEnded, { interval: 1 });
    expect(response.statusCode).toBe(200);
  };
}

/** Makes a function ready on a platform. */
const PLATFORMS: Readonly<Record<string, (definition: AnyFunction) => Call>> = {
  "aws/http": (definition) => {
    const handler = httpHandler(definition);
    return async () => {
      expect(await handler(httpEvent, LAMBDA_CONTEXT)).toMatchObject({ statusCode: 200 });
    };
  },
  "azure/http": (definition) => {
    const app = deploy({ order: definition });
    return async () => {
      const result = await app.invoke("order", { inputData: { http: azureRequest } });
      expect(result).toMatchObject({ ok: true, returnValue: { http: { statusCode: "200" } } });
    };
  },
  "gcp/http": (definition) => onServer(httpFunction(definition, { name: "order", env: {} })),
  "node/http": (definition) => {
    const server = createServer([definition]);
    return onServer((request, response) => server.handler(request, response));
  },
  "aws/queue": (definition) => {
    const handler = queueHandler(definition);
    return async () => {
      expect(await handler(sqsEvent, LAMBDA_CONTEXT)).toEqual({ batchItemFailures: [] });
    };
  },
  "aws/direct": (definition) => {
    const handler = directHandler(definition);
    return async () => {
      expect(await handler({ sku: "a-1" }, LAMBDA_CONTEXT)).toEqual({ done: true });
    };
  },
};

/** Triggers with as many schemas as they take. */
const TRIGGERS = {
  http: (schema: Schema) => http.post("/orders/{id}", { params: schema, query: schema, body: schema }),
  queue: (schema: Schema) => queue("orders", { message: schema }),
  direct: (schema: Schema) => direct({ input: schema, output: schema }),
};

/** A function whose declaration counts how often its parts are read, and how often they run. */
function counted(kind: keyof typeof TRIGGERS): {
  readonly definition: AnyFunction;
  readonly reads: ReadonlyMap<string, number>;
  readonly runs: ReadonlyMap<string, number>;
} {
  const reads = new Map<string, number>();
  const runs = new Map<string, number>();
  const validate = (value: unknown) => {
    count(runs, "schema");
    return { value };
  };
  const schema = {
    get "~standard"() {
      count(reads, "~standard");
      return { version: 1 as const, vendor: "tests", validate };
    },
  };
  const middleware = (_event: unknown, _ctx: unknown, next: () => Promise<unknown>) => {
    count(runs, "middleware");
    return next();
  };
  const definition = defineFunction({
    name: "order",
    trigger: TRIGGERS[kind](schema),
    use: [middleware],
    handler: () => ({ done: true }),
  });
  const replaced = { trigger: counting<object>(definition.trigger, reads) };
  return { definition: counting<object>(definition, reads, replaced) as AnyFunction, reads, runs };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** An object that counts the reads of its members, some of which are replaced. */
function counting<T extends object>(object: T, reads: Map<string, number>, replaced: Partial<T> = {}): T {
  return new Proxy(
    { ...object, ...replaced },
    {
      has: (_target, name) => name in object,
      get: (target, name) => {
        if (typeof name === "string") count(reads, name);
        return Reflect.get(target, name);
      },
    },
  );
}

/** What is made from a declaration before the first call. */
const COMPILED = ["~standard", "path", "use", "handler", "params", "query", "body", "input", "output"];

describe("a declaration is compiled once", () => {
  test.each<[string, keyof typeof TRIGGERS, number]>([
    ["aws/http", "http", 3],
    ["azure/http", "http", 3],
    ["gcp/http", "http", 3],
    ["node/http", "http", 3],
    ["aws/queue", "queue", 1],
    ["aws/direct", "direct", 2],
  ])("on %s", async (platform, kind, schemas) => {
    const { definition, reads, runs } = counted(kind);
    const call = PLATFORMS[platform]?.(definition);
    const parts = () => COMPILED.map((name) => [name, reads.get(name) ?? 0]);
    const before = parts();
    for (let calls = 0; calls < 100; calls++) await call?.();
    expect(parts()).toEqual(before);
    expect(reads.get("use")).toBeGreaterThan(0);
    expect(Object.fromEntries(runs)).toEqual({ schema: 100 * schemas, middleware: 100 });
  });
});

/** How often a handler makes the members of Lambda's event be read that hold the parts of a request. */
async function readsOf(read: (event: HttpEvent) => unknown): Promise<Record<string, number>> {
  const reads = new Map<string, number>();
  const definition = defineFunction({
    trigger: http.post("/orders/{id}"),
    handler: (event) => {
      read(event);
      return "read";
    },
  });
  const answer = await httpHandler(definition)(counting(httpEvent, reads), LAMBDA_CONTEXT);
  expect(answer).toMatchObject({ statusCode: 200, body: "read" });
  const parts = ["headers", "cookies", "rawQueryString", "body"];
  return Object.fromEntries(
    parts.filter((name) => reads.has(name)).map((name) => [name, reads.get(name) ?? 0]),
  );
}

describe("the parts of a request", () => {
  test("are not touched unless they are read", async () => {
    expect(await readsOf(({ method, path, params }) => [method, path, params])).toEqual({});
  });

  test.each<[string, (event: HttpEvent) => unknown, string[]]>([
    ["headers", ({ headers }) => headers, ["headers", "cookies"]],
    ["cookies", ({ cookies }) => cookies, ["headers", "cookies"]],
    ["query", ({ query }) => query, ["rawQueryString"]],
    ["body", ({ body }) => body, ["body"]],
  ])("%s are parsed once", async (_part, read, touched) => {
    const once = await readsOf(read);
    expect(Object.keys(once)).toEqual(touched);
    const values = new Set<unknown>();
    const again = await readsOf((event) => {
      for (let reads = 0; reads < 10; reads++) values.add(read(event));
    });
    expect(values.size).toBe(1);
    expect(values).not.toContain(undefined);
    expect(again).toEqual(once);
  });
});
