import { toCloudFunction } from "@anyfn/gcp";
import { readFixtures } from "../../corpus/fixtures.ts";
import { isRequest } from "../../corpus/gcp-delivery.ts";
import { checkAcknowledged, checkAnswer } from "../answer.ts";
import { type FunctionName, kindOf, makeFunctions } from "../functions.ts";
import { GCP_SEEDS } from "../seeds/gcp.ts";
import { groupSeeds, ownSeeds } from "../seeds/own.ts";
import { post, readRequest, type SentRequest } from "../seeds/requests.ts";
import { openTree } from "../tree.ts";
import { checkError, type Seed, type Target } from "../trial.ts";
import { createWitness, type Witness } from "../witness.ts";

const EVENTS: readonly FunctionName[] = ["queue", "topic", "schedule", "storage", "changes", "stream", "bus"];

type Request = SentRequest & { readonly bytes: Buffer };

/** Google Cloud, by the functions of `toCloudFunction`, with requests as the framework makes them. */
export function gcpTarget(): Target {
  const witness = createWitness();
  const functions = Object.fromEntries(
    Object.entries(makeFunctions(witness)).map(([name, definition]) => [name, toCloudFunction(definition)]),
  );
  return {
    name: "gcp",
    witness,
    seeds: groupSeeds([...ownSeeds(GCP_SEEDS), ...corpusSeeds()]),
    deliver: async ({ fn }, payload) => {
      const run = functions[fn] as (...args: object[]) => Promise<void>;
      // The framework's other signatures hand over what it parsed.
      if (!isRequest(payload) && kindOf(fn) !== "http" && kindOf(fn) !== "direct") {
        return run(payload as object).then(
          () => (witness.done > 0 ? [] : ["nothing was handled"]),
          checkError,
        );
      }
      const request = readRequest(payload);
      const answer = await readCloudAnswer(run, toNative(request));
      return [...checkAnswer(answer, witness), ...checkKind(fn, request, answer.status, witness)];
    },
  };
}

function checkKind(fn: FunctionName, request: Request, status: number, witness: Witness): string[] {
  const kind = kindOf(fn);
  if (kind === "http" || kind === "direct") return [];
  return checkAcknowledged(status, eventsIn(request), witness);
}

/** The events of a request: one, or as many as a batch has. */
export function eventsIn({ headers, bytes }: Request): number {
  const isWrapped =
    headers["x-goog-pubsub-message-id"] === undefined && headers["x-cloudtasks-taskname"] === undefined;
  const isBatch = /^application\/cloudevents-batch\+json/i.test(headers["content-type"] ?? "") && isWrapped;
  if (!isBatch || headers["x-cloudscheduler"] !== undefined) return 1;
  try {
    return (JSON.parse(bytes.toString().replace(/^\ufeff/, "")) as unknown[]).length;
  } catch {
    return Number.NaN;
  }
}

function toNative({ method, path, headers, bytes }: Request): object {
  return {
    method,
    url: path,
    originalUrl: path,
    headers,
    rawBody: bytes,
    socket: { remoteAddress: "127.0.0.1" },
  };
}

/** What a function answers to a request. */
export async function readCloudAnswer(
  run: (request: object, response: object) => Promise<void>,
  request: object,
) {
  const { response, answer } = openResponse();
  await run(request, response);
  return answer;
}

/** A response that keeps what is written into it. */
function openResponse() {
  const answer = { status: 0, headers: [] as [string, unknown][], cookies: [] as unknown[], body: "" };
  const response = {
    writeHead: (status: number, headers: Readonly<Record<string, unknown>> = {}) => {
      answer.status = status;
      for (const [name, value] of Object.entries(headers)) {
        if (name === "set-cookie") answer.cookies.push(...[value].flat());
        else answer.headers.push([name, value]);
      }
    },
    end: (bytes?: Uint8Array) => {
      answer.body = Buffer.from(bytes ?? []).toString();
    },
    once: () => {},
    off: () => {},
    destroyed: false,
    headersSent: false,
    writableFinished: false,
  };
  return { response, answer };
}

/** Every payload to every event function: what is not for it must be refused. */
function corpusSeeds(): Seed[] {
  const fixtures = [...(readFixtures("gcp") ?? []), ...(readFixtures("cloudevents") ?? [])];
  return fixtures.flatMap(({ name, trigger, load }) => {
    const value = load();
    const isEvent = typeof value === "object" && value !== null && "specversion" in value;
    const type = isEvent ? "application/cloudevents+json" : "application/json";
    const request = isRequest(value) ? value : post("/", value, { "content-type": type });
    const functions: readonly FunctionName[] = trigger === "http" ? ["http", "direct"] : EVENTS;
    return functions.flatMap((fn) => {
      const seed = { name, fn, tree: openTree(request) };
      return isRequest(value) ? [seed] : [seed, { name: `${name}, parsed`, fn, tree: openTree(value) }];
    });
  });
}
