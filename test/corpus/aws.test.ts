import { type LambdaContext, toLambda } from "@anyfn/aws";
import {
  type AnyFunction,
  type AnyfnError,
  type BusEvent,
  bus,
  type ChangeEvent,
  changes,
  defineFunction,
  direct,
  type HttpEvent,
  http,
  type Message,
  queue,
  type ScheduleEvent,
  type StorageEvent,
  type StreamRecord,
  schedule,
  storage,
  stream,
  type TopicMessage,
  topic,
} from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { AS_SENT, type FactTable } from "./aws/facts.ts";
import { messages, notifications, objects } from "./aws/messages.ts";
import { events, records, tableChanges, ticks } from "./aws/records.ts";
import { requests } from "./aws/requests.ts";
import { type Fixture, readFixtures } from "./fixtures.ts";

const fixtures = readFixtures("aws");

const context: LambdaContext = {
  functionName: "corpus",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:corpus",
  memoryLimitInMB: "512",
  awsRequestId: "6f1c0b57-0000-4000-8000-000000000001",
  logGroupName: "/aws/lambda/corpus",
  logStreamName: "corpus",
  getRemainingTimeInMillis: () => 30_000,
};

type Kind = keyof typeof functions;

/** A function of every trigger, which keeps what it got. */
const functions = {
  http: (keep: (event: unknown) => void) =>
    defineFunction({ trigger: http.any("/{path+}"), handler: (event) => keep(event) }),
  root: (keep) => defineFunction({ trigger: http.any("/"), handler: (event) => keep(event) }),
  queue: (keep) => defineFunction({ trigger: queue("q"), handler: keep }),
  topic: (keep) => defineFunction({ trigger: topic("t"), handler: keep }),
  schedule: (keep) => defineFunction({ trigger: schedule("0 2 * * *"), handler: keep }),
  storage: (keep) =>
    defineFunction({
      trigger: storage("s", { on: ["created", "deleted", "archived", "metadata"] }),
      handler: keep,
    }),
  changes: (keep) => defineFunction({ trigger: changes("c"), handler: keep }),
  stream: (keep) => defineFunction({ trigger: stream("s"), handler: keep }),
  bus: (keep) => defineFunction({ trigger: bus("b"), handler: keep }),
  direct: (keep) => defineFunction({ trigger: direct(), handler: keep }),
} satisfies Record<string, (keep: (event: unknown) => void) => AnyFunction>;

async function run(kind: Kind, event: unknown): Promise<{ got: unknown[]; answer: unknown }> {
  const got: unknown[] = [];
  const handler = toLambda(functions[kind]((item) => void got.push(item)));
  return { got, answer: await handler(event, context) };
}

async function attempt(
  kind: Kind,
  event: unknown,
): Promise<{ got: unknown[]; answer?: unknown; code?: string; message: string }> {
  try {
    return { ...(await run(kind, event)), message: "" };
  } catch (error) {
    const { code, message } = error as AnyfnError;
    return { got: [], code, message };
  }
}

/** What a fixture's folder may be connected to; what is absent belongs to no trigger. */
const SERVED: Readonly<Record<string, readonly Kind[]>> = {
  alb: ["http"],
  "alb-multivalue": ["http"],
  "apigw-http-v1-format": ["http"],
  "apigw-http-v2": ["http"],
  "apigw-rest-v1": ["http"],
  "function-url": ["http"],
  "cloudwatch-logs": ["stream"],
  documentdb: ["changes"],
  "dynamodb-stream": ["changes"],
  eventbridge: ["bus", "schedule", "storage"],
  "eventbridge-scheduler": ["bus", "schedule"],
  kafka: ["stream"],
  kinesis: ["stream"],
  s3: ["storage"],
  sns: ["topic", "storage"],
  sqs: ["queue", "topic", "storage"],
  "step-functions": ["direct"],
};

describe.runIf(fixtures !== undefined)("the corpus of AWS", () => {
  // What is refused is logged.
  beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

  const all = fixtures ?? [];
  const each = (table: FactTable) =>
    all.filter((fixture) => table.has(below(fixture))).map((fixture) => [below(fixture), fixture] as const);

  test("every fixture has facts or belongs to no trigger", () => {
    const tables = [requests, messages, notifications, objects, events, records, tableChanges, ticks];
    const known = new Set(tables.flatMap((table) => [...table.keys()]));
    const unknown = all.filter(
      (fixture) =>
        fixture.trigger in SERVED && fixture.trigger !== "step-functions" && !known.has(below(fixture)),
    );
    // A notification that SNS posts to a web server never reaches Lambda.
    expect(unknown.map(below)).toEqual(["sns/http-notification.json"]);
    const paths = new Set(all.map(below));
    expect([...known].filter((path) => !paths.has(path))).toEqual([]);
  });

  test.each(each(requests))("http: %s", async (path, fixture) => {
    const [[method, url, clientIp, body] = []] = requests.get(path) ?? [];
    const payload = fixture.load();
    // The root has no segment for the template's parameter.
    const isRoot = new URL(String(url)).pathname === "/";
    const { got, answer } = await run(isRoot ? "root" : "http", payload);
    expect(answer).toMatchObject({ statusCode: 204, isBase64Encoded: false });
    const [event, ...others] = got as HttpEvent[];
    expect(others).toEqual([]);
    expect([event?.method, event?.url, event?.clientIp]).toEqual([method, url, clientIp]);
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    expect(event?.body && Buffer.from(event.body)).toEqual(bytes);
    expect(event?.headers).toEqual(headersOf(payload as HeaderSource));
    expect(payload).toEqual(fixture.load());
  });

  test.each(each(messages))("queue: %s", async (path, fixture) => {
    const payload = fixture.load() as {
      Records: { body: string; attributes: { MessageGroupId?: string } }[];
    };
    const { got, answer } = await run("queue", payload);
    const facts = (got as Message[]).map((message, index) => [
      message.id,
      asSent(messages.get(path)?.[index], message.data, () => parse(payload.Records[index]?.body)),
      message.deliveryCount,
      message.enqueuedAt?.toISOString(),
    ]);
    expect(facts).toEqual(messages.get(path));
    expect((got as Message[]).map((message) => message.text())).toEqual(
      payload.Records.map(({ body }) => body),
    );
    const groups = payload.Records.map(({ attributes }) => attributes.MessageGroupId);
    expect((got as Message[]).map((message) => message.orderingKey)).toEqual(groups);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test.each(each(notifications))("topic: %s", async (path, fixture) => {
    const { got, answer } = await run("topic", fixture.load());
    const payload = fixture.load() as { Records: { body?: string; Sns?: { Message: string } }[] };
    const facts = (got as TopicMessage[]).map((message, index) => {
      const { Sns, body } = payload.Records[index] ?? {};
      const sent = () => (Sns ?? (parse(body) as { Message: string })).Message;
      const text = asSent(notifications.get(path)?.[index], message.text(), sent);
      return [message.id, text, message.subject, message.topic, message.enqueuedAt?.toISOString()];
    });
    expect(facts).toEqual(notifications.get(path));
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test.each(each(objects))("storage: %s", async (path, fixture) => {
    const { got, answer } = await run("storage", fixture.load());
    const facts = (got as StorageEvent[]).map((event) => [
      event.action,
      event.bucket,
      event.key,
      event.size,
      event.version,
      event.time?.toISOString(),
    ]);
    expect(facts).toEqual(objects.get(path));
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test.each(each(tableChanges))("changes: %s", async (path, fixture) => {
    const { got, answer } = await run("changes", fixture.load());
    const facts = (got as ChangeEvent[]).map((event) => [
      event.action,
      event.id,
      event.keys,
      event.before,
      event.after,
      event.sequence,
      event.time?.toISOString(),
      event.expired,
      event.collection,
    ]);
    expect(facts).toEqual(tableChanges.get(path));
    expect(answer).toEqual({ batchItemFailures: [], ...stateOf(fixture) });
  });

  test.each(each(records))("stream: %s", async (path, fixture) => {
    const { got, answer } = await run("stream", fixture.load());
    const payload = fixture.load() as { Records?: { kinesis: { data: string } }[] };
    const facts = (got as StreamRecord[]).map((record, index) => {
      const sent = () => Buffer.from(payload.Records?.[index]?.kinesis.data ?? "", "base64");
      const data = asSent(records.get(path)?.[index], record.data, sent);
      return [record.id, data, record.partitionKey, record.time?.toISOString()];
    });
    expect(facts).toEqual(records.get(path));
    expect(answer).toEqual({ batchItemFailures: [], ...stateOf(fixture) });
  });

  test.each(each(ticks))("schedule: %s", async (path, fixture) => {
    const { got } = await run("schedule", fixture.load());
    const facts = (got as ScheduleEvent[]).map((tick) => [
      tick.id,
      tick.scheduledAt?.toISOString(),
      tick.name,
    ]);
    expect(facts).toEqual(ticks.get(path));
  });

  test.each(each(events))("bus: %s", async (path, fixture) => {
    const { got } = await run("bus", fixture.load());
    const payload = fixture.load() as { detail: unknown; resources: unknown };
    const [event, ...others] = got as BusEvent[];
    expect(others).toEqual([]);
    expect([[event?.id, event?.source, event?.type, event?.time?.toISOString()]]).toEqual(events.get(path));
    expect(event?.data).toEqual(payload.detail);
    expect(event?.extensions.resources).toEqual(payload.resources);
  });

  test.each(
    all
      .filter(({ trigger }) => trigger === "step-functions")
      .map((fixture) => [below(fixture), fixture] as const),
  )("direct: %s", async (_path, fixture) => {
    const { got } = await run("direct", fixture.load());
    expect(got).toMatchObject([{ input: fixture.load() }]);
  });

  // A direct call may carry anything; a schedule may have any input of its own that is no other source's delivery.
  const strict: readonly Kind[] = ["http", "queue", "topic", "storage", "changes", "stream", "bus"];

  test.each(strict)("%s refuses what belongs to other triggers", async (kind) => {
    const foreign = all.filter(({ trigger }) => !SERVED[trigger]?.includes(kind));
    expect(foreign.length).toBeGreaterThan(100);
    const notRefused: string[] = [];
    for (const fixture of foreign) {
      const { got, code, message } = await attempt(kind, fixture.load());
      const isTyped = code === "unknown-payload" && message.startsWith(`[aws/${kind}] `);
      if (got.length > 0 || !isTyped) notRefused.push(below(fixture));
    }
    expect(notRefused).toEqual([]);
  });

  test("storage refuses messages and events that S3 did not send", async () => {
    const outside = all.filter(
      (fixture) => ["sns", "sqs", "eventbridge"].includes(fixture.trigger) && !objects.has(below(fixture)),
    );
    for (const fixture of outside) {
      const { got, answer, code } = await attempt("storage", fixture.load());
      expect(got).toEqual([]);
      const payload = fixture.load() as { Records?: { messageId?: string }[] };
      const failures = payload.Records?.map(({ messageId }) => ({ itemIdentifier: messageId }));
      if (fixture.trigger === "sqs") expect(answer).toEqual({ batchItemFailures: failures });
      else expect(code, below(fixture)).toMatch(/^(?:unknown|invalid)-payload$/);
    }
  });
});

interface HeaderSource {
  readonly headers?: Record<string, string> | null;
  readonly multiValueHeaders?: Record<string, string[]> | null;
  readonly cookies?: string[];
}

/** Names in lower case, lists joined in the place of their single values, and the cookies where a front hands them over apart. */
function headersOf({ headers, multiValueHeaders, cookies }: HeaderSource): Record<string, string> {
  const lists = Object.entries(multiValueHeaders ?? {}).map(
    ([name, values]) => [name, values.join(/^cookie$/i.test(name) ? "; " : ", ")] as const,
  );
  const all = [...Object.entries(headers ?? {}), ...lists].map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const apart = cookies?.length ? [["cookie", cookies.join("; ")] as const] : [];
  return Object.fromEntries([...all, ...apart]);
}

/** The marker where the facts refer to the payload and the value is what it holds, otherwise the value. */
function asSent(facts: readonly unknown[] | undefined, value: unknown, sent: () => unknown): unknown {
  if (facts?.[1] !== AS_SENT) return value;
  expect(value).toEqual(sent());
  return AS_SENT;
}

/** A tumbling window's state has to be handed back. */
function stateOf(fixture: Fixture): object {
  const { window, state } = fixture.load() as { window?: unknown; state?: unknown };
  return window === undefined ? {} : { state };
}

function parse(text: string | undefined): unknown {
  return JSON.parse(text ?? "");
}

function below({ path }: Fixture): string {
  return path.replace(/^aws\//, "");
}
