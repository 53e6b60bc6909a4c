import { toScheduleExpression } from "@anyfn/aws/build";
import { type AnyFunction, defineFunction, type ScheduleTrigger, schedule } from "@anyfn/core";
import { expect } from "vitest";
import { refusalsOf, registrationOf } from "../builds.ts";
import type { AdapterName, Case, See } from "../case.ts";

const scheduled = (cron: string) => defineFunction({ trigger: schedule(cron), handler: () => {} });
const unused = (_see: See): AnyFunction => scheduled("0 2 * * *");

/** What the provider is told of a schedule: Google Cloud Scheduler and Knative's PingSource read the five fields. */
const NATIVE: Readonly<Record<AdapterName, (definition: AnyFunction) => unknown>> = {
  aws: ({ trigger }) => toScheduleExpression((trigger as ScheduleTrigger).cron),
  azure: (definition) => registrationOf(definition).trigger.schedule,
  gcp: ({ trigger }) => (trigger as ScheduleTrigger).cron,
  node: ({ trigger }) => (trigger as ScheduleTrigger).cron,
};

/** Five fields; EventBridge's six, with Sunday as 1 and a year; NCRONTAB's six, with seconds and Sunday as 0. */
const FORMS: readonly (readonly [cron: string, aws: string, azure: string])[] = [
  ["* * * * *", "cron(* * * * ? *)", "0 * * * * *"],
  ["0 2 * * *", "cron(0 2 * * ? *)", "0 0 2 * * *"],
  ["30 6 1 * *", "cron(30 6 1 * ? *)", "0 30 6 1 * *"],
  ["0 2 * * 0", "cron(0 2 ? * 1 *)", "0 0 2 * * 0"],
  ["0 2 * * 7", "cron(0 2 ? * 1 *)", "0 0 2 * * 0"],
  ["0 2 * * 6", "cron(0 2 ? * 7 *)", "0 0 2 * * 6"],
  ["0 2 * * 5-7", "cron(0 2 ? * 1,6,7 *)", "0 0 2 * * 0,5,6"],
  ["0 2 * * 1-5", "cron(0 2 ? * 2,3,4,5,6 *)", "0 0 2 * * 1,2,3,4,5"],
];

/** The same with names, steps and lists. */
const SUGAR: readonly (readonly [cron: string, aws: string, azure: string])[] = [
  ["0 2 * * MON-FRI", "cron(0 2 ? * 2,3,4,5,6 *)", "0 0 2 * * 1,2,3,4,5"],
  ["0 2 * * sun,Wed", "cron(0 2 ? * 1,4 *)", "0 0 2 * * 0,3"],
  ["0 0 1 JAN,JUL *", "cron(0 0 1 1,7 ? *)", "0 0 0 1 1,7 *"],
  ["*/20 * * * *", "cron(0,20,40 * * * ? *)", "0 0-59/20 * * * *"],
  ["5/25 * * * *", "cron(5,30,55 * * * ? *)", "0 5-59/25 * * * *"],
  ["0 9-17/4 * * 1,3", "cron(0 9,13,17 ? * 2,4 *)", "0 0 9-17/4 * * 1,3"],
  ["0,30 8-10,14 * * *", "cron(0,30 8-10,14 * * ? *)", "0 0,30 8-10,14 * * *"],
  ["0 0 1-31/10 * *", "cron(0 0 1,11,21,31 * ? *)", "0 0 0 1-31/10 * *"],
  ["0 0 * * */3", "cron(0 0 ? * 1,4,7 *)", "0 0 0 * * 0,3,6"],
];

const translation = (id: string, list: typeof FORMS): Case[] =>
  list.map(([cron, aws, azure]) => ({
    id,
    title: `writes "${cron}" as the provider reads it`,
    define: unused,
    scenario: async (harness) => {
      const name = harness.adapter.name as AdapterName;
      expect(await refusalsOf(harness, scheduled(cron))).toEqual([]);
      expect(NATIVE[name](scheduled(cron))).toBe({ aws, azure, gcp: cron, node: cron }[name]);
    },
  }));

/** Text that declares no schedule, and why. */
const refused = (id: string, title: string, crons: readonly string[], message: RegExp): Case => ({
  id,
  title,
  define: unused,
  scenario: async () => {
    for (const cron of crons) {
      expect(() => schedule(cron), cron).toThrow(
        expect.objectContaining({ code: "invalid-definition", message: expect.stringMatching(message) }),
      );
    }
  },
});

/** How schedules are declared. */
export const CRON: readonly Case[] = [
  ...translation("C1", FORMS),
  {
    id: "C1",
    title: "means the same by another spacing",
    define: unused,
    scenario: async ({ adapter }) => {
      const native = NATIVE[adapter.name as AdapterName];
      expect(native(scheduled("  0\t2  * * *\n"))).toBe(native(scheduled("0 2 * * *")));
    },
  },
  ...["0 2 1 * MON", "0 2 1-7 * 1", "0 2 */2 * 1", "0 2 1-31 * 1", "0 2 1 * 0-6"].map(
    (cron): Case => ({
      id: "C2",
      title: `keeps "${cron}" as either day, or refuses it when it is built`,
      unconfirmed: true,
      decision:
        "Cloud Scheduler and cron itself run on either; EventBridge takes one, NCRONTAB means both at once.",
      define: unused,
      scenario: async (harness) => {
        const name = harness.adapter.name as AdapterName;
        const isRefused = name === "aws" || name === "azure";
        const refusals = await refusalsOf(harness, scheduled(cron));
        expect(refusals).toEqual(isRefused ? [expect.stringContaining("Declare two schedules.")] : []);
        if (!isRefused) expect(NATIVE[name](scheduled(cron))).toBe(cron);
        else {
          const error = expect.objectContaining({ code: "unsupported", provider: name });
          expect(() => NATIVE[name](scheduled(cron))).toThrow(error);
        }
      },
    }),
  ),
  ...translation("C3", SUGAR),
  refused(
    "C3",
    "refuses what one provider alone knows",
    ["0 2 L * *", "0 2 15W * *", "0 2 * * 5#3", "0 2 * * 5L", "0 2 ? * 1", "0 2 1 * ?"],
    /is not a day of (?:month|week)/,
  ),
  refused(
    "C3",
    "refuses what no clock shows",
    [
      "60 2 * * *",
      "0 24 * * *",
      "0 2 0 * *",
      "0 2 32 * *",
      "0 2 * 13 *",
      "0 2 * * 8",
      "0 2 * * FRI-MON",
      "*/0 * * * *",
    ],
    /is not an? (?:minute|hour|day of month|month|day of week)/,
  ),
  refused(
    "C4",
    "refuses rates, whatever their number: cron says the same everywhere",
    ["rate(1 minute)", "rate(5 minutes)", "rate(1 minutes)", "every 5 minutes"],
    /Write five: minute, hour/,
  ),
  refused("C4", "refuses names of rates", ["@hourly", "@every 1m", "cron(0 2 * * ? *)", ""], /fields/),
  refused(
    "C10",
    "refuses a field of seconds, which only one provider has",
    ["*/10 * * * * *", "0 0 2 * * *", "0 2 * * * 2026"],
    /it has 6 fields/,
  ),
  {
    id: "C10",
    title: "takes every minute for the shortest schedule",
    define: unused,
    scenario: async (harness) => expect(await refusalsOf(harness, scheduled("* * * * *"))).toEqual([]),
  },
];
