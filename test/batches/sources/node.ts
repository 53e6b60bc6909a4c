import { expect } from "vitest";
import { headerValues } from "../../runtimes/hosts/http.ts";
import { type RunningServer, servers } from "../../support/node-server.ts";
import { specOf } from "../fates.ts";
import { keptAsWhole } from "../oracle.ts";
import { dataOf, isSpoilt, type Sent, type Source, type State, textOf } from "../source.ts";

const { start, closeAll } = servers();

export { closeAll };

type Request = Parameters<RunningServer["send"]>[2];

/** 422 where nothing is worth another delivery, 503 where something is, with the longest delay that was asked for. */
function expected(states: readonly State[], messages: readonly Sent[]): unknown {
  const failed = states.flatMap((state, index) => {
    const { verdict: outcome } = state;
    if (outcome === "done") return [];
    const sent = messages[index];
    return [{ index, outcome, ...(sent === undefined || isSpoilt(sent) ? {} : { id: sent.key }) }];
  });
  if (failed.length === 0) return { status: 204, retryAfter: undefined, body: undefined };
  const isDead = failed.every(({ outcome }) => outcome === "dead-letter");
  const delays = states.map(({ verdict, fate }) => (verdict === "not-run" ? 0 : (specOf(fate).after ?? 0)));
  const longest = Math.max(...delays);
  return {
    status: isDead ? 422 : 503,
    retryAfter: !isDead && longest > 0 ? String(longest) : undefined,
    body: expect.objectContaining({ failures: failed }),
  };
}

const served = {
  adapter: "node",
  size: Number.POSITIVE_INFINITY,
  undecodable: "dead-letter",
  deploy: async (definition) => {
    const { send } = await start({ jobs: definition });
    return async (payload) => {
      const { status, headers, body } = await send("POST", `/_events/${definition.name}`, payload as Request);
      const [retryAfter] = headerValues(headers, "retry-after");
      return {
        status,
        retryAfter,
        body: body.length === 0 ? undefined : JSON.parse(Buffer.from(body).toString()),
      };
    };
  },
  expected,
  // After 422 a sender gives up.
  kept: (answer, messages) =>
    "status" in answer && answer.status === 422 ? [] : keptAsWhole(answer, messages),
} satisfies Partial<Source>;

const cloudEvent = (message: Sent, data: object = dataOf(message)): object => ({
  specversion: isSpoilt(message) ? "7" : "1.0",
  id: message.key,
  source: "/shop",
  type: "job",
  partitionkey: message.group,
  data,
});
const change = (message: Sent): object =>
  cloudEvent(message, { action: "created", keys: { id: message.key }, after: dataOf(message) });
const stored = (message: Sent): object =>
  cloudEvent(message, { action: "created", bucket: "jobs", key: message.key });

const posted = (type: string, body: unknown): Request => ({
  headers: [["Content-Type", type]],
  body: Buffer.from(JSON.stringify(body)),
});
const batchOf = (eventOf: (message: Sent) => object) => (messages: readonly Sent[]) =>
  posted(
    "application/cloudevents-batch+json",
    messages.map((message) => eventOf(message)),
  );

/** Of an event that cannot be read, nothing is known, not even its group. */
const grouped = { ...served, ordering: "group", undecodable: undefined, make: batchOf(cloudEvent) } as const;

export const sources: readonly Source[] = [
  { ...grouped, name: "batch, queue", kind: "queue" },
  { ...grouped, name: "batch, topic", kind: "topic" },
  { ...grouped, name: "batch, stream", kind: "stream" },
  { ...served, name: "batch, changes", kind: "changes", ordering: "partition", make: batchOf(change) },
  { ...served, name: "batch, bus", kind: "bus", ordering: "none", make: batchOf(cloudEvent) },
  { ...served, name: "batch, storage", kind: "storage", ordering: "none", make: batchOf(stored) },
  {
    ...served,
    name: "structured",
    kind: "queue",
    ordering: "none",
    size: 1,
    undecodable: undefined,
    make: ([message]) => message && posted("application/cloudevents+json", cloudEvent(message)),
  },
  {
    ...served,
    name: "binary",
    kind: "bus",
    ordering: "none",
    size: 1,
    undecodable: undefined,
    make: ([message]) =>
      message && {
        headers: [
          ["Content-Type", "application/json"],
          ["ce-specversion", "1.0"],
          ["ce-id", message.key],
          ["ce-source", "/shop"],
          ["ce-type", "job"],
        ],
        body: Buffer.from(textOf(message)),
      },
  },
];
