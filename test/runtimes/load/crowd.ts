import { join } from "node:path";
import { sendHttp } from "../hosts/http.ts";
import {
  fromHttpResult,
  type HeaderLine,
  type HttpHost,
  type PlainRequest,
  startAzure,
  startFunctionsFramework,
  startNodeServer,
  type TimedResponse,
  toHttpTrigger,
} from "../hosts/index.ts";

/** How many invocations are under way at once. */
export const COUNT = 1000;

/** How many steps each of them takes; it logs each. */
export const STEPS = 5;

/** What an invocation saw of itself. */
export interface Seen {
  readonly id?: number;
  readonly messageId?: string;
  readonly ids?: readonly number[];
  readonly invocationId: string;
  readonly requestId: string;
  readonly functionName: string;
  readonly traceId: string;
  readonly stable: boolean;
}

/** A log line in the same words for every target. */
export interface Line {
  readonly message: string;
  readonly invocationId: string;
  readonly traceId: string;
  readonly id?: number;
  readonly seen?: Seen;
  readonly error?: { readonly message: string };
}

/** A running target that takes invocations by their number. */
export interface Crowd extends AsyncDisposable {
  request(id: number): Promise<Seen>;
  deliver(id: number): Promise<void>;
  /** What the caller decides of the context of a request, or of an event. */
  requestId(id: number): Partial<Seen>;
  eventId(id: number): Partial<Seen>;
  /** The lines of a function, once there are so many. */
  lines(functionName: string, count: number): Promise<readonly Line[]>;
}

/** The trace that the caller of an invocation names. */
export function traceIdOf(id: number): string {
  return (id + 1).toString(16).padStart(32, "a");
}

/** Starts the load app of a target. */
export function crowdOf(target: "azure" | "gcp" | "node", outDir: string): Promise<Crowd> {
  return { azure: azureCrowd, gcp: googleCrowd, node: nodeCrowd }[target](join(outDir, target));
}

const env = { LOAD_ENV: "load" };

/** Nobody has an answer before all have asked. */
const timeoutMs = 25_000;

function senderTo(host: HttpHost): (request: PlainRequest) => Promise<TimedResponse> {
  const port = Number(new URL(host.url).port);
  return (request) => sendHttp(port, request, { timeoutMs });
}

async function nodeCrowd(directory: string): Promise<Crowd> {
  const host = await startNodeServer(join(directory, "server.mjs"), { env });
  const send = senderTo(host);
  const type = ["content-type", "application/cloudevents+json"] as const;
  const event = { specversion: "1.0", source: "/tests", type: "example.job" };
  return {
    request: async (id) => seenOf(await send(requestOf(id))),
    deliver: async (id) => {
      const cloudEvent = JSON.stringify({ ...event, id: `m-${id}`, data: bodyOf(id, "events") });
      expectDone(await send(postOf("/_events/jobs", id, cloudEvent, type)));
    },
    requestId: (id) => ({ functionName: "interleaved", requestId: `r-${id}` }),
    eventId: (id) => ({ functionName: "jobs", requestId: `r-${id}` }),
    lines: (functionName, count) =>
      enough(count, () =>
        jsonLines(host.logs())
          .filter((line) => line.function === functionName)
          .map((line) => line as unknown as Line),
      ),
    [Symbol.asyncDispose]: host.close,
  };
}

async function googleCrowd(directory: string): Promise<Crowd> {
  const start = (target: string) => startFunctionsFramework(join(directory, target), { target, env });
  const [http, jobs] = await Promise.all([start("interleaved"), start("jobs")]);
  const [sendRequest, sendJob] = [senderTo(http), senderTo(jobs)];
  const subscription = "projects/shop/subscriptions/jobs";
  const idsOf = (functionName: string) => (id: number) => ({ functionName, invocationId: `r-${id}` });
  return {
    request: async (id) => seenOf(await sendRequest(requestOf(id))),
    deliver: async (id) => {
      const data = Buffer.from(JSON.stringify(bodyOf(id, "events"))).toString("base64");
      const message = { data, messageId: `m-${id}`, publishTime: "2026-03-01T10:00:00Z" };
      expectDone(await sendJob(postOf("/", id, JSON.stringify({ message, subscription }))));
    },
    requestId: idsOf("interleaved"),
    eventId: idsOf("jobs"),
    lines: (functionName, count) =>
      enough(count, () => jsonLines((functionName === "jobs" ? jobs : http).logs()).map(fromCloudLogging)),
    [Symbol.asyncDispose]: async () => void (await Promise.all([http.close(), jobs.close()])),
  };
}

async function azureCrowd(directory: string): Promise<Crowd> {
  const host = await startAzure(directory, { env });
  const callerOf = (id: number, kind: string) => ({
    invocationId: `${kind}-${id}`,
    traceContext: { traceParent: traceparentOf(id) },
  });
  return {
    request: async (id) => {
      const invocation = { ...toHttpTrigger(requestOf(id), { id: String(id) }), ...callerOf(id, "request") };
      return seenOf(fromHttpResult(await host.invoke("interleaved", invocation, { timeoutMs })));
    },
    deliver: async (id) => {
      const inputData = { bytes: Buffer.from(JSON.stringify(bodyOf(id, "events"))) };
      const triggerMetadata = { Id: { string: `m-${id}` }, DequeueCount: { json: "1" } };
      const invocation = { ...callerOf(id, "event"), inputData, triggerMetadata };
      const result = await host.invoke("jobs", invocation, { timeoutMs });
      if (!result.ok) throw new Error(result.error.message);
    },
    requestId: (id) => ({ functionName: "interleaved", invocationId: `request-${id}` }),
    eventId: (id) => ({ functionName: "jobs", invocationId: `event-${id}` }),
    lines: (functionName, count) => {
      const kind = functionName === "jobs" ? "event-" : "request-";
      const own = () => host.records().filter(({ invocationId = "" }) => invocationId.startsWith(kind));
      // The host files a line under the invocation that logged it, and the line says the same.
      return enough(count, () =>
        own().map(({ message, invocationId = "" }) => ({ ...(JSON.parse(message) as Line), invocationId })),
      );
    },
    [Symbol.asyncDispose]: host.close,
  };
}

function bodyOf(id: number, kind: string): object {
  return { id, crowd: kind, size: COUNT };
}

function requestOf(id: number): PlainRequest {
  const cookie = ["cookie", `id=${id}`] as const;
  return postOf(`/interleaved/${id}?id=${id}`, id, JSON.stringify(bodyOf(id, "requests")), cookie);
}

function postOf(url: string, id: number, body: string, ...more: HeaderLine[]): PlainRequest {
  const headers: HeaderLine[] = [
    ["x-id", String(id)],
    ["x-request-id", `r-${id}`],
    ["function-execution-id", `r-${id}`],
    ["traceparent", traceparentOf(id)],
    ...more,
  ];
  if (!more.some(([name]) => name === "content-type")) headers.push(["content-type", "application/json"]);
  return { method: "POST", url, headers, body: Buffer.from(body) };
}

function traceparentOf(id: number): string {
  return `00-${traceIdOf(id)}-${(id + 1).toString(16).padStart(16, "b")}-01`;
}

function seenOf({ status, body }: TimedResponse): Seen {
  const text = Buffer.from(body).toString();
  if (status !== 200) throw new Error(`${status} ${text}`);
  return JSON.parse(text) as Seen;
}

function expectDone({ status, body }: TimedResponse): void {
  if (status < 200 || status > 299) throw new Error(`${status} ${Buffer.from(body).toString()}`);
}

function jsonLines(text: string): Record<string, unknown>[] {
  const lines = text.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** https://cloud.google.com/logging/docs/structured-logging#special-payload-fields */
function fromCloudLogging(line: Record<string, unknown>): Line {
  const { execution_id: invocationId } = line["logging.googleapis.com/labels"] as Record<string, string>;
  return { ...line, invocationId, traceId: line["logging.googleapis.com/trace"] } as unknown as Line;
}

/** What a process wrote may be read a moment after its answer. */
async function enough(count: number, read: () => readonly Line[]): Promise<readonly Line[]> {
  let lines = read();
  for (const end = Date.now() + 5000; lines.length < count && Date.now() < end; lines = read())
    await new Promise((resolve) => setTimeout(resolve, 20));
  return lines;
}
