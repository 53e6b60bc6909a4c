import { gzipSync } from "node:zlib";
import { type LambdaContext, toLambda } from "@anyfn/aws";
import {
  type AnyFunction,
  changes,
  defineFunction,
  http,
  queue,
  storage,
  stream,
  type Trigger,
  topic,
} from "@anyfn/core";
import { createMessage } from "@anyfn/core/adapter";
import { toCloudFunction } from "@anyfn/gcp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readCloudAnswer } from "./targets/gcp.ts";

type Seen = Readonly<Record<string, unknown>>;

const context = { awsRequestId: "invocation-1", functionName: "f" } as LambdaContext;

/** What a Lambda function sees of an event, and how it ends. */
async function send(trigger: Trigger, event: unknown, handler: () => unknown = () => undefined) {
  const seen: Seen[] = [];
  const see = (one: Seen): unknown => {
    seen.push(one);
    return handler();
  };
  const definition = defineFunction({ trigger: trigger as Trigger<"direct">, handler: see as () => unknown });
  try {
    return {
      seen,
      answer: (await toLambda(definition as AnyFunction)(event, context)) as never,
      code: undefined,
    };
  } catch (error) {
    return { seen, answer: undefined as never, code: (error as { code?: unknown }).code ?? String(error) };
  }
}

const get = (requestContext: object, more: object = {}) => ({
  version: "2.0",
  rawPath: "/a",
  requestContext: { http: { method: "GET" }, ...requestContext },
  ...more,
});
const alb = (more: object) => ({ httpMethod: "GET", path: "/a", requestContext: { elb: {} }, ...more });
const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
const any = http.any("/{path+}");
const fails = (): never => {
  throw new Error("no");
};

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));
afterEach(() => void vi.restoreAllMocks());

describe("a request from Lambda", () => {
  test.each(["", "GE T", "A\r\nB", "TRACE"])("with the method %j is not for a handler", async (method) => {
    const { seen, answer } = await send(any, get({ http: { method } }));
    expect(seen).toEqual([]);
    expect(answer).toMatchObject({ statusCode: 405 });
  });

  test.each([["a\r\nb: c"], [{ a: 1 }], [nested(9000)], ["x".repeat(129)]])(
    "keeps no id that a header cannot carry",
    async (requestId) => {
      const { answer } = await send(any, get({ requestId }), fails);
      expect(answer).toMatchObject({ statusCode: 500, headers: { "x-request-id": "invocation-1" } });
    },
  );

  test("leaves out headers, cookies, queries and addresses that are no text", async () => {
    const odd = { a: nested(9000), b: { toString: 1 }, c: 5, d: "x" };
    const { seen } = await send(
      any,
      get({ http: { method: "GET", sourceIp: {} } }, { headers: odd, cookies: " " }),
    );
    expect({ ...(seen[0]?.headers as object) }).toEqual({ c: "5", d: "x" });
    expect(seen[0]?.clientIp).toBeUndefined();
    const lists = { a: [nested(9000), "1"], b: "x", c: [] };
    const fromAlb = await send(
      any,
      alb({ multiValueHeaders: lists, multiValueQueryStringParameters: lists, queryStringParameters: odd }),
    );
    expect({ ...(fromAlb.seen[0]?.headers as object) }).toEqual({ a: "1" });
    expect([...((fromAlb.seen[0] as Seen).query as URLSearchParams)]).toEqual([
      ["a", "1"],
      ["c", "5"],
      ["d", "x"],
    ]);
  });

  test.each([{ domainName: nested(9000) }, { domainName: {}, stage: {} }, { domainName: "1".repeat(400) }])(
    "has a URL whatever the gateway calls itself",
    async (requestContext) => {
      const { seen } = await send(any, get(requestContext));
      expect(seen[0]?.url).toBe("https://localhost/a");
    },
  );

  test("keeps in the path what would end it in a URL", async () => {
    const { seen } = await send(any, alb({ path: "/a?b#c%20" }));
    expect(seen[0]?.url).toBe("https://localhost/a%3Fb%23c%20");
  });
});

describe("a message from Lambda", () => {
  const sqs = (more: object) => ({
    Records: [{ messageId: "m", body: "x", eventSource: "aws:sqs", ...more }],
  });
  const failed = { batchItemFailures: [{ itemIdentifier: "m" }] };

  test("fails alone when an attribute is no text", async () => {
    const messageAttributes = { a: { stringValue: ["x"], dataType: "String" } };
    expect(await send(queue("q"), sqs({ messageAttributes }))).toMatchObject({ seen: [], answer: failed });
    const Sns = { MessageId: "1", TopicArn: "t", Message: "x", MessageAttributes: { a: { Type: "String" } } };
    const sns = { Records: [{ EventSource: "aws:sns", Sns }] };
    expect(await send(topic("t"), sns)).toMatchObject({ seen: [], code: "invalid-payload" });
    const nameless = {
      Records: [{ EventSource: "aws:sns", Sns: { ...Sns, MessageId: "", MessageAttributes: {} } }],
    };
    expect(await send(topic("t"), nameless)).toMatchObject({ seen: [], code: "invalid-payload" });
  });

  test.each(["Infinity", "-1", "0.5", nested(9000), { toString: 1 }])(
    "counts no deliveries",
    async (count) => {
      const attributes = { ApproximateReceiveCount: count, SentTimestamp: count, AWSTraceHeader: [count] };
      const { seen, answer } = await send(queue("q"), sqs({ attributes }));
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(seen[0]?.deliveryCount).toBeUndefined();
    },
  );

  test("has no time where what stands for one is none", async () => {
    const { seen } = await send(queue("q"), sqs({ attributes: { SentTimestamp: nested(9000) } }));
    expect(seen[0]?.enqueuedAt).toBeUndefined();
  });
});

describe("a record from Lambda", () => {
  const kafka = (more: object) => ({
    eventSource: "aws:kafka",
    records: { "t-0": [{ topic: "t", partition: 0, offset: 1, ...more }] },
  });
  const failed = [{ itemIdentifier: { partition: "t-0", offset: 1 } }];

  test.each([{ value: { length: 2 ** 31 } }, { key: [1] }, { headers: [{ a: { length: 2 ** 31 } }] }])(
    "of Kafka with bytes of any length in the place of base64 fails",
    async (more) => {
      const { seen, answer } = await send(stream("s"), kafka(more));
      expect(seen).toEqual([]);
      expect(answer).toEqual({ batchItemFailures: failed });
    },
  );

  test.each([1e300, 8.64e15 + 1, -1e300])("of a time that no date can hold, %d, has none", async (time) => {
    const kinesis = { data: "AA==", sequenceNumber: "1", partitionKey: 5, approximateArrivalTimestamp: time };
    const event = { Records: [{ eventSource: "aws:kinesis", eventID: 5, kinesis }] };
    const { seen } = await send(stream("s"), event);
    expect(seen[0]).toMatchObject({ id: "1", time: undefined, partitionKey: undefined });
    expect((await send(stream("s"), kafka({ timestamp: Math.abs(time) }))).seen[0]).toMatchObject({
      time: undefined,
    });
  });

  const dynamo = (N: unknown) => ({
    Records: [
      {
        eventSource: "aws:dynamodb",
        eventName: "INSERT",
        dynamodb: { SequenceNumber: "1", NewImage: { n: N } },
      },
    ],
  });

  test.each([{ B: { length: 2 ** 31 } }, { BS: [5] }, { M: [] }, { M: "x" }])(
    "of DynamoDB with %j fails",
    async (value) => {
      expect(await send(changes("c"), dynamo(value))).toMatchObject({
        seen: [],
        answer: { batchItemFailures: [{ itemIdentifier: "1" }] },
      });
    },
  );

  test("of DynamoDB with a number of 200,000 digits takes no time", async () => {
    const N = `1${"0".repeat(200_000)}1`;
    const started = process.cpuUsage();
    const { seen } = await send(changes("c"), dynamo({ N }));
    expect((seen[0] as { after: object }).after).toEqual({ n: N });
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });

  const document = (more: object) => ({
    eventSource: "aws:docdb",
    events: [{ event: { _id: { _data: "1" }, operationType: "insert", ...more } }],
  });

  test.each([{ operationType: "upsert" }, { fullDocument: "x" }, { documentKey: [1] }])(
    "of DocumentDB with %j is not taken for done",
    async (more) => {
      expect(await send(changes("c"), document(more))).toMatchObject({ seen: [], code: "invalid-payload" });
    },
  );

  test.each(["drop", "dropDatabase", "rename", "invalidate"])(
    "of DocumentDB about no document, %s, is passed over",
    async (operationType) => {
      expect(await send(changes("c"), document({ operationType }))).toMatchObject({
        seen: [],
        code: undefined,
      });
    },
  );

  test("of S3 has text and numbers or nothing", async () => {
    const object = { key: "k", size: "5", eTag: 5, versionId: {}, sequencer: [] };
    const event = {
      Records: [
        { eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: { bucket: { name: "b" }, object } },
      ],
    };
    const { seen } = await send(storage("s"), event);
    const absent = {
      id: undefined,
      size: undefined,
      etag: undefined,
      version: undefined,
      sequence: undefined,
    };
    expect(seen[0]).toMatchObject({ key: "k", ...absent });
  });
});

describe("a bomb", () => {
  const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024)).toString("base64");

  test("in CloudWatch's logs is not unpacked", async () => {
    const before = process.memoryUsage().rss;
    expect(await send(stream("s"), { awslogs: { data: bomb } })).toMatchObject({
      seen: [],
      code: "invalid-payload",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1024 * 1024);
  });

  test("in a body, message or record is what was sent", async () => {
    const headers = { "content-encoding": "gzip" };
    const request = await send(any, get({}, { headers, body: bomb, isBase64Encoded: true }));
    expect(((request.seen[0] as Seen).body as Uint8Array).byteLength).toBe(
      Buffer.from(bomb, "base64").byteLength,
    );
    const kinesis = { data: bomb, sequenceNumber: "1" };
    const record = await send(stream("s"), { Records: [{ eventSource: "aws:kinesis", kinesis }] });
    expect((record.seen[0] as { bytes(): Uint8Array } & Seen).bytes().byteLength).toBeLessThan(1024 * 1024);
  });
});

describe("a request from Google Cloud", () => {
  const ask = async (more: object, headers: Readonly<Record<string, string>> = {}) => {
    const urls: string[] = [];
    const definition = defineFunction({
      trigger: any,
      handler: ({ url }) => {
        urls.push(url);
        throw new Error("no");
      },
    });
    const request = { method: "GET", url: "/a", headers, ...more };
    const answer = await readCloudAnswer(toCloudFunction(definition, { env: {} }), request);
    return { urls, id: answer.headers.find(([name]) => name === "x-request-id")?.[1] };
  };

  test("has a URL whatever the caller calls the host and the path", async () => {
    expect((await ask({}, { host: "1".repeat(400) })).urls).toEqual(["https://localhost/a"]);
    expect((await ask({}, { host: "a:99999" })).urls).toEqual(["https://localhost/a"]);
    expect((await ask({ url: "/a#b?c" })).urls).toEqual(["https://localhost/a%23b?c"]);
  });

  test.each(["a b", "x".repeat(200), "<script>"])("keeps no execution id such as %j", async (id) => {
    expect((await ask({ executionId: id }, { "function-execution-id": id })).id).toMatch(/^[a-z0-9]{8,}$/);
    expect((await ask({ executionId: "abc" })).id).toBe("abc");
  });
});

test("a payload that is too deep for text is no message", () => {
  const message = createMessage({ id: "1", payload: { value: nested(20_000) }, raw: undefined });
  expect(() => message.text()).toThrow(expect.objectContaining({ code: "invalid-message" }));
});
