import { defineFunction, http } from "@anyfn/core";
import { expect } from "vitest";
import type { PlainRequest } from "../runtimes/hosts/host.ts";
import type { AdapterName, Case, Expectation, Front, ReplyFacts } from "./case.ts";
import type { Delivered, Deployed, Harness } from "./harness.ts";

/** Whether the adapter has declared what the case needs. */
export function isApplicable({ needs }: Case, { adapter }: Harness): boolean {
  if (needs === undefined) return true;
  const capabilities = adapter.capabilities[needs.trigger];
  if ("unsupported" in capabilities) return false;
  if ("capability" in needs) return capabilities[needs.capability] === true;
  return [needs.source].flat().some((source) => capabilities.sources.includes(source));
}

/**
 * Runs a case on an adapter.
 *
 * @param written - Lines on stdout, which grow while the case runs.
 * @throws Error when the case does not hold.
 */
export async function runCase(item: Case, harness: Harness, written: readonly string[]): Promise<void> {
  const applicable = isApplicable(item, harness);
  if (!applicable && item.otherwise === undefined) return expectRefusal(item, harness);
  if (item.scenario !== undefined) await item.scenario(harness);
  for (const run of runsOf(item, harness, applicable)) await expectRun(item, harness, run, written);
}

/** One delivery of a case. */
interface Run {
  readonly label: string;
  readonly expectation: Expectation;
  readonly start: (deployed: Deployed) => Promise<Delivered>;
}

function runsOf(item: Case, harness: Harness, applicable: boolean): Run[] {
  const name = harness.adapter.name as AdapterName;
  const common = applicable ? item.expect : item.otherwise;
  const natives: readonly unknown[] = item.native?.[name] ?? [];
  const delivered = natives.map((native, index) => ({
    label: `${name} ${index + 1}`,
    expectation: { ...common, ...item.expectOn?.[name] },
    start: (deployed: Deployed) => deployed.deliver(native),
  }));
  const fronts = item.request === undefined ? [] : harness.fronts.filter((front) => !isSpared(item, front));
  const sent = fronts.map((front) => ({
    label: front,
    expectation: { ...common, ...item.expectOn?.[name], ...item.expectOn?.[front] },
    start: (deployed: Deployed) => deployed.send(front, item.request as PlainRequest),
  }));
  const runs = [...delivered, ...sent];
  if (runs.length === 0 && item.scenario === undefined) {
    throw new Error(`${item.id} has nothing to deliver on ${name}: give it a payload or say what it needs.`);
  }
  return runs;
}

function isSpared({ except = [] }: Case, front: Front): boolean {
  return except.includes(front);
}

async function expectRun(item: Case, harness: Harness, run: Run, written: readonly string[]): Promise<void> {
  const seen: unknown[] = [];
  const name = harness.adapter.name as AdapterName;
  const deployed = await harness.deploy(
    item.define((facts) => void seen.push(facts)),
    item.options?.[name],
  );
  const linesBefore = written.length;
  try {
    const delivered = await run.start(deployed);
    const lines = [...written.slice(linesBefore), ...(delivered.logged ?? [])];
    expectFacts(run, delivered, seen, lines.join("\n"));
  } finally {
    await deployed.close?.();
  }
}

function expectFacts({ label, expectation }: Run, delivered: Delivered, seen: unknown[], log: string): void {
  const { error, answer, reply, message, logged = [], notLogged = [] } = expectation;
  const failure = delivered.error;
  if (error === undefined && reply === undefined) expect(failure, `${label}: failure`).toBeUndefined();
  if (error !== undefined) expect(failure, `${label}: failure`).toBeDefined();
  if (error !== undefined && error !== "any")
    expect(failure?.code, `${label}: ${failure?.message}`).toBe(error);
  if (message !== undefined) expect(failure?.message, `${label}: message`).toMatch(message);
  if (expectation.seen !== undefined) expect(seen, `${label}: seen`).toEqual(expectation.seen);
  if ("answer" in expectation) expect(delivered.answer, `${label}: answer`).toEqual(answer);
  if (reply !== undefined) expectReply(label, delivered, reply);
  for (const pattern of logged) expect(log, `${label}: log`).toMatch(pattern);
  for (const pattern of notLogged) expect(log, `${label}: log`).not.toMatch(pattern);
}

function expectReply(label: string, { reply, error }: Delivered, facts: ReplyFacts): void {
  if (reply === undefined) throw new Error(`${label}: there is no HTTP answer. ${error?.message ?? ""}`);
  const { status, headers = {}, cookies, body } = facts;
  const text = Buffer.from(reply.body).toString();
  if (status !== undefined) expect(reply.status, `${label}: status of ${text}`).toBe(status);
  for (const [name, wanted] of Object.entries(headers)) {
    const lines = reply.headers.filter(([key]) => key === name).map(([, value]) => value);
    const actual = lines.length === 0 ? undefined : lines.join(", ");
    if (wanted instanceof RegExp) expect(actual, `${label}: ${name}`).toMatch(wanted);
    else expect(actual, `${label}: ${name}`).toBe(wanted);
  }
  if (cookies !== undefined) {
    const lines = reply.headers.filter(([key]) => key === "set-cookie").map(([, value]) => value);
    expect(lines, `${label}: set-cookie`).toEqual(
      cookies.map((cookie) => (cookie instanceof RegExp ? expect.stringMatching(cookie) : cookie)),
    );
  }
  if (body === undefined) return;
  if (body instanceof Uint8Array) expect([...reply.body], `${label}: body`).toEqual([...body]);
  else if (typeof body === "string") expect(text, `${label}: body`).toBe(body);
  else expect(JSON.parse(text), `${label}: body`).toEqual(body);
}

/**
 * A source that an adapter does not list is refused: its payload ends in a typed error, the function does not run, and
 * nothing is acknowledged. To an HTTP function it is the body of a request like any other.
 */
async function expectRefusal(item: Case, harness: Harness): Promise<void> {
  const payload = foreignPayload(item);
  const seen: unknown[] = [];
  const definition = item.define((facts) => void seen.push(facts));
  if (definition.trigger.kind === "http") return expectPlainBody(payload, harness);
  const deployed = await harness.deploy(definition);
  try {
    const { error, answer } = await deployed.deliver(harness.foreign(payload));
    expect(seen, "the function ran").toEqual([]);
    expect(error, `acknowledged with ${JSON.stringify(answer)}`).toBeDefined();
    expect(["unknown-payload", "invalid-payload", "invalid-message"]).toContain(error?.code);
  } finally {
    await deployed.close?.();
  }
}

async function expectPlainBody(payload: unknown, harness: Harness): Promise<void> {
  const echo = defineFunction({
    trigger: http.any("/{rest+}"),
    handler: async ({ method, path, text }) => ({ method, path, text: await text() }),
  });
  const deployed = await harness.deploy(echo);
  const text = JSON.stringify(payload);
  try {
    const headers = [["content-type", "application/json"]] as const;
    const [front = "server"] = harness.fronts;
    const { reply } = await deployed.send(front, {
      method: "POST",
      url: "/in",
      headers,
      body: Buffer.from(text),
    });
    const body = JSON.parse(Buffer.from(reply?.body ?? []).toString());
    expect(body).toEqual({ method: "POST", path: "/in", text });
  } finally {
    await deployed.close?.();
  }
}

/** The payload of the provider that has the source. */
function foreignPayload({ id, native = {} }: Case): unknown {
  const [payload] = Object.values(native).flatMap((list: readonly unknown[] | undefined) => list ?? []);
  if (payload === undefined) throw new Error(`${id} has no payload of a provider that has its source.`);
  return payload;
}
