import { connect } from "node:net";
import { type AnyfnServer, createServer } from "@anyfn/node";
import { readFixtures } from "../../corpus/fixtures.ts";
import { isRequest } from "../../corpus/gcp-delivery.ts";
import { checkAnswer } from "../answer.ts";
import { type FunctionName, makeFunctions } from "../functions.ts";
import { NODE_SEEDS } from "../seeds/node.ts";
import { groupSeeds, ownSeeds } from "../seeds/own.ts";
import { post, readRequest } from "../seeds/requests.ts";
import { openTree } from "../tree.ts";
import type { Seed, Target } from "../trial.ts";
import { createWitness, type Witness } from "../witness.ts";
import { readAnswers, type WireAnswer } from "./_http-wire.ts";
import { eventsIn } from "./gcp.ts";

/** After so long without an answer the caller ends its side, and the server has to end its own. */
const IDLE_MS = 15;

/** The Node server, by bytes on a connection for each payload: its parser is part of what is tested. */
export function nodeTarget(): Target {
  const witness = createWitness();
  const server = createServer(makeFunctions(witness), { bodyLimit: 256 * 1024, gracePeriod: 1 });
  let listening: ReturnType<AnyfnServer["listen"]> | undefined;
  return {
    name: "node",
    witness,
    seeds: groupSeeds([...ownSeeds(NODE_SEEDS), ...corpusSeeds()]),
    deliver: async (_seed, payload) => {
      listening ??= server.listen(0, "127.0.0.1");
      const { port } = await listening;
      const bytes = toWire(payload);
      const text = await exchange(port, bytes);
      if (text === undefined) return ["the server did not end the connection"];
      const answers = readAnswers(text, /^HEAD /.test(bytes.toString("latin1", 0, 5)));
      if (typeof answers === "string") return [answers];
      return [
        ...answers.flatMap((answer) => checkAnswer(answer, witness)),
        ...checkHandled(payload, answers, witness),
      ];
    },
    close: () => server.close(),
  };
}

/** What is sent: the payload's own bytes, or a request of its parts, whatever stands in them. */
function toWire(payload: unknown): Buffer {
  const { wire } = (payload ?? {}) as { readonly wire?: unknown };
  if (typeof wire === "string") return Buffer.from(wire, "latin1");
  const { method, path, headers, bytes } = readRequest(payload);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join("")}connection: close\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** Sends bytes and gives all that comes back, as Latin-1; undefined when the connection does not end. */
function exchange(port: number, bytes: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1");
    const idle = setTimeout(() => socket.end(), IDLE_MS);
    const limit = setTimeout(() => {
      resolve(undefined);
      socket.destroy();
    }, 5000);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      idle.refresh();
    });
    // A server that refuses a request resets the connection on what it did not read.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(idle);
      clearTimeout(limit);
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
    socket.write(bytes);
  });
}

/** Events are done only when the handler was, for each of them. */
function checkHandled(payload: unknown, answers: readonly WireAnswer[], { done }: Witness): string[] {
  const isDone = answers.some(({ status }) => status >= 200 && status <= 299);
  const request = readRequest(payload);
  if (!isDone || answers.length > 1 || "wire" in (payload as object)) return [];
  const { method, path } = request;
  // A call is one, whatever its type says.
  const isCall = path === "/_events/direct" || path === "/_events/vat";
  if (method !== "POST" || !path.startsWith("/_events/")) {
    const isServers = method === "OPTIONS" || path.startsWith("/health");
    return done > 0 || isServers ? [] : ["an answer of success came without the handler"];
  }
  const expected = isCall ? 1 : eventsIn(request);
  return done === expected ? [] : [`${expected} events were acknowledged, ${done} handled`];
}

const EVENTS: readonly FunctionName[] = ["queue", "topic", "schedule", "stream", "bus"];

/** CloudEvents go to every function that takes any, requests to where they went. */
function corpusSeeds(): Seed[] {
  const events = (readFixtures("cloudevents") ?? []).flatMap(({ name, load }) => {
    const value = load();
    const request = isRequest(value)
      ? value
      : post("/", value, { "content-type": "application/cloudevents+json" });
    return EVENTS.map((fn) => ({ name, fn, tree: openTree({ ...request, path: `/_events/${fn}` }) }));
  });
  const requests = (readFixtures("gcp") ?? []).flatMap(({ name, trigger, load }) =>
    trigger === "http" ? [{ name, fn: "http" as const, tree: openTree(load()) }] : [],
  );
  return [...events, ...requests];
}
