import { describe, expect, test } from "vitest";
import { parseCron, writeCron } from "./cron.ts";
import { schedule } from "./triggers/schedule.ts";

const range = (from: number, to = from, step = 1): object => ({ from, to, step });

describe("a cron expression", () => {
  test("of stars is unrestricted", () => {
    const any = undefined;
    expect(parseCron("* * * * *")).toEqual({
      minute: any,
      hour: any,
      dayOfMonth: any,
      month: any,
      dayOfWeek: any,
    });
  });

  test.each([
    ["0 2 * * MON-FRI", { minute: [range(0)], hour: [range(2)], dayOfWeek: [range(1, 5)] }],
    [
      "*/15 9-17/2 1,15 jan-mar 7",
      {
        minute: [range(0, 59, 15)],
        hour: [range(9, 17, 2)],
        dayOfMonth: [range(1), range(15)],
        month: [range(1, 3)],
        dayOfWeek: [range(7)],
      },
    ],
    ["5/20 0 31 DEC sun", { minute: [range(5, 59, 20)], month: [range(12)], dayOfWeek: [range(0)] }],
    ["  007   3 * * *  ", { minute: [range(7)], hour: [range(3)] }],
  ])("%j", (text, expected) => {
    expect(parseCron(text)).toMatchObject(expected);
  });

  test.each([
    ["", "fields"],
    ["* * * *", "it has 4 fields"],
    ["0 0 2 * * *", "it has 6 fields"],
    ["60 * * * *", '"60" is not a minute, 0 to 59'],
    ["-1 * * * *", '"-1" is not a minute'],
    ["* 24 * * *", '"24" is not a hour'],
    ["* * 0 * *", '"0" is not a day of month'],
    ["* * * 13 *", '"13" is not a month'],
    ["* * * * 8", '"8" is not a day of week'],
    ["* * * MON *", '"MON" is not a month'],
    ["5-1 * * * *", '"5-1"'],
    ["*/0 * * * *", '"*/0"'],
    ["*-5 * * * *", '"*-5"'],
    ["1,,2 * * * *", '""'],
    ["1- * * * *", '"1-"'],
    ["1/x * * * *", '"1/x"'],
    ["? * * * *", '"?"'],
    ["* * L * *", '"L"'],
    ["1e1 * * * *", '"1e1"'],
  ])("%j is refused: %s", (text, message) => {
    expect(() => parseCron(text)).toThrow(
      expect.objectContaining({ code: "invalid-definition", message: expect.stringContaining(message) }),
    );
  });
});

test.each([
  ["* * * * *", "* * * * *"],
  ["*/20 6 1,15 JAN-MAR *", "0-59/20 6 1,15 1-3 *"],
  ["5/25 0 * * 5-7", "5-59/25 0 * * 0,5,6"],
  ["0 2 * * 7,sun,*/3", "0 2 * * 0,3,6"],
])("%s is written without names and open steps: %s", (text, written) => {
  expect(writeCron(parseCron(text))).toBe(written);
});

describe("a schedule", () => {
  test("keeps the expression and its zone", () => {
    expect(schedule(" 0  2 * * * ")).toEqual({ kind: "schedule", cron: "0 2 * * *", timeZone: "UTC" });
    expect(schedule("0 2 * * *", { timeZone: "Europe/Berlin" })).toMatchObject({ timeZone: "Europe/Berlin" });
  });

  test.each(["Mars/Olympus", "+01:00", ""])("the zone %j is refused", (timeZone) => {
    expect(() => schedule("0 2 * * *", { timeZone })).toThrow(`"${timeZone}" is not a time zone.`);
  });
});
