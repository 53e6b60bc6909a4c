import { defineFunction, type ScheduleEvent, schedule } from "@anyfn/core";
import { expect } from "vitest";
import { refusalsOf, registrationOf } from "../builds.ts";
import type { AdapterName, Case } from "../case.ts";
import { onTick } from "../functions.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { post } from "../payloads/http.ts";
import { structured } from "../payloads/node/cloudevents.ts";
import {
  ruleTick,
  schedulerEvent,
  schedulerInput,
  schedulerMessages,
  schedulerRequest,
  tick,
  timer,
} from "../payloads/ticks.ts";

const timeOf = ({ scheduledAt }: ScheduleEvent) => scheduledAt?.toISOString();
const AT = "2024-03-01T02:00:00.000Z";
const LATE = "the warehouse is closed";

/** Ticks of schedules; how they are declared is in another list. */
export const SCHEDULES: readonly Case[] = [
  {
    id: "C6",
    title: "says when the tick was due",
    define: onTick(timeOf),
    native: tick(),
    expect: { seen: [AT] },
    // No failure, and an answer that its sender takes for done.
    expectOn: { aws: { seen: [AT], answer: null }, gcp: { seen: [AT], answer: { status: 204 } } },
  },
  {
    id: "C6",
    title: "names the schedule",
    decision: "A timer has no name but its function's.",
    define: onTick(({ name }) => name),
    native: tick(),
    expect: { seen: ["nightly"] },
    expectOn: { azure: { seen: [expect.stringMatching(/^under-test/)] } },
  },
  {
    id: "C6",
    title: "tells what the source knows of a tick, and no more",
    decision: "By a topic a tick has the name of none, and the time of its publication.",
    define: onTick((event) => [timeOf(event), event.name, event.id]),
    native: {
      aws: [schedulerInput()],
      // Started by hand before the next tick, it is told the last one.
      azure: [timer({}, { Last: "2024-03-01T02:00:00+00:00", Next: "9000-01-01T02:00:00+00:00" })],
      gcp: schedulerMessages(),
      node: tick().node,
    },
    expect: { seen: [[AT, "nightly", "e-1"]] },
    expectOn: {
      azure: { seen: [[AT, expect.stringMatching(/^under-test/), undefined]] },
      gcp: { seen: [[AT, undefined, "9314526789012345"]] },
    },
  },
  {
    id: "C6",
    title: "reads times with offsets and fractions",
    define: onTick(timeOf),
    native: {
      aws: [schedulerInput({ scheduledTime: "2024-03-01T03:00:00.123456+01:00" })],
      azure: [timer({}, { Next: "2024-03-01T03:00:00.1230000+01:00" })],
      gcp: [schedulerRequest([["x-cloudscheduler-scheduletime", "2024-02-29T18:00:00.123456-08:00"]])].map(
        ({ headers = [], ...request }) => ({
          ...request,
          headers: headers.filter(([, value]) => !/^2024-03/.test(value)),
        }),
      ),
      node: [
        structured({
          specversion: "1.0",
          id: "e-1",
          source: "s",
          type: "t",
          time: "2024-03-01T03:00:00.123+01:00",
        }),
      ],
    },
    expect: { seen: ["2024-03-01T02:00:00.123Z"] },
  },
  {
    id: "C6",
    title: "is not misled by the time zone of the machine",
    define: onTick(timeOf),
    scenario: async (harness) => {
      const zone = process.env.TZ;
      const seen: unknown[] = [];
      const deployed = await harness.deploy(onTick(timeOf)((time) => seen.push(time)));
      process.env.TZ = "Asia/Kathmandu";
      try {
        expect(new Date(AT).getTimezoneOffset()).toBe(-345);
        const natives = tick()[harness.adapter.name as AdapterName];
        for (const native of natives) await deployed.deliver(native);
        expect(seen).toEqual(natives.map(() => AT));
      } finally {
        if (zone === undefined) delete process.env.TZ;
        else process.env.TZ = zone;
        await deployed.close?.();
      }
    },
  },
  {
    id: "C6",
    title: "invents no time where the source tells none",
    define: onTick((event) => [timeOf(event)]),
    native: {
      aws: [
        {},
        { shop: 7 },
        "tick",
        null,
        ["a"],
        schedulerEvent({ time: undefined }),
        ruleTick({ time: "soon" }),
      ],
      azure: [
        timer({}, null),
        timer({ ScheduleStatus: undefined }),
        // Started by hand before its first tick: .NET's first instant means never.
        timer({}, { Last: "0001-01-01T00:00:00", Next: "9000-01-01T02:00:00+00:00" }),
        timer({}, { Last: "0001-01-01T00:00:00+00:00", Next: "0001-01-01T00:00:00" }),
      ],
      gcp: ["soon", ""].map((time) =>
        post("/", "", "text/plain", [
          ["x-cloudscheduler", "true"],
          ["x-cloudscheduler-scheduletime", time],
        ]),
      ),
      node: [structured({ specversion: "1.0", id: "e-1", source: "s", type: "t" })],
    },
    expect: { seen: [[undefined]] },
  },
  {
    id: "C7",
    title: "refuses a call that no scheduler makes",
    decision:
      "Who may call is for the platform to check before the code: by IAM on AWS and Google Cloud, which turns away what " +
      "has no OIDC token. What the code can tell is that a call is another source's, and it never acknowledges that.",
    define: onTick(() => "ran"),
    native: {
      aws: [httpEvent("function-url", { method: "POST", url: "/" }), records(sqsRecord("tick")), records()],
      azure: [
        { inputData: { json: '{"tick":true}' } },
        { inputData: { json: "[]" } },
        { inputData: { string: "tick" } },
      ],
      gcp: [
        post("/", "{}"),
        post("/", "tick", "text/plain"),
        post("/", '{"scheduledTime":"2024-03-01T02:00:00Z"}'),
      ],
      node: [post("/_events/under-test", "{}"), post("/_events/under-test", "tick", "text/plain")],
    },
    expect: { seen: [], error: "unknown-payload" },
  },
  {
    id: "C8",
    title: "runs a tick as often as it is delivered, overlapping ones too, under one id",
    decision:
      "Schedules are delivered at least once, and nothing here locks: the id is the key for work that must be done once. " +
      "A timer has none, because a start by hand would have the id of a tick that was done.",
    define: onTick(({ id }) => id),
    scenario: async (harness) => {
      const ids: unknown[] = [];
      let release: () => void = () => {};
      const both = new Promise<void>((resolve) => {
        release = resolve;
      });
      const deployed = await harness.deploy(
        defineFunction({
          trigger: schedule("0 2 * * *"),
          handler: async ({ id }) => {
            if (ids.push(id) === 2) release();
            await both;
          },
        }),
      );
      const [native] = tick()[harness.adapter.name as AdapterName];
      const delivered = await Promise.all([deployed.deliver(native), deployed.deliver(native)]);
      await deployed.close?.();
      expect(delivered.map(({ error }) => error)).toEqual([undefined, undefined]);
      const id = { aws: "e-1", azure: undefined, gcp: "nightly@2024-03-01T02:00:00.000Z", node: "e-1" };
      expect(ids).toEqual(Array.from({ length: 2 }, () => id[harness.adapter.name as AdapterName]));
    },
  },
  {
    id: "C9",
    title: "fails the delivery when the handler fails, so that the source's own retries set in",
    define: (see) =>
      defineFunction({
        trigger: schedule("0 2 * * *"),
        handler: () => {
          see("ran");
          throw new Error(LATE);
        },
      }),
    native: tick(),
    expect: { seen: ["ran"], error: "any" },
    expectOn: { gcp: { answer: { status: 500 } }, node: { answer: { status: 503 } } },
  },
  {
    id: "C9",
    title: "states what becomes of a failed tick",
    define: onTick(() => "ran"),
    scenario: async ({ adapter }) => {
      const capabilities = adapter.capabilities.schedule;
      if ("unsupported" in capabilities) throw new Error(capabilities.unsupported);
      expect(capabilities.retryDefault).toMatch(/tr(?:y|ies)|tick|delivery/);
      if (adapter.name !== "azure") return;
      const nightly = onTick(() => "ran")(() => {});
      expect(registrationOf(nightly).retry).toBeUndefined();
      const again = { attempts: 3, minSeconds: 10, maxSeconds: 60 };
      expect(registrationOf(nightly, { retry: again }).retry).toMatchObject({ maxRetryCount: 3 });
    },
  },
  {
    id: "C5",
    title: "states what the clocks of a time zone do to a schedule",
    define: onTick(() => "ran"),
    scenario: async ({ adapter }) => {
      const capabilities = adapter.capabilities.schedule;
      expect("notes" in capabilities && capabilities.notes?.join(" ")).toMatch(/clock|UTC/);
    },
  },
  {
    id: "C5",
    title: "keeps a time zone or refuses it, and never takes it for another",
    define: onTick(() => "ran"),
    scenario: async (harness) => {
      const inZone = (timeZone: string) =>
        defineFunction({ trigger: schedule("30 2 * * *", { timeZone }), handler: () => {} });
      for (const zone of ["UTC", "Etc/UTC", "GMT"])
        expect(await refusalsOf(harness, inZone(zone))).toEqual([]);
      const berlin = inZone("Europe/Berlin");
      const isRefused = harness.adapter.name === "azure";
      const refusals = await refusalsOf(harness, berlin);
      expect(refusals).toEqual(isRefused ? [expect.stringMatching(/Europe\/Berlin.*UTC/)] : []);
      if (isRefused) await expect(harness.deploy(berlin)).rejects.toMatchObject({ code: "unsupported" });
      expect(berlin.trigger.timeZone).toBe("Europe/Berlin");
      for (const zone of ["Mars/Olympus", "+01:00", ""])
        expect(() => inZone(zone)).toThrow(expect.objectContaining({ code: "invalid-definition" }));
    },
  },
];
