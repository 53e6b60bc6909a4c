import { aws } from "@anyfn/aws";
import { azure } from "@anyfn/azure";
import type { TriggerKind } from "@anyfn/core";
import type { Adapter, TriggerCapabilities } from "@anyfn/core/adapter";
import { gcp } from "@anyfn/gcp";
import { node } from "@anyfn/node";
import { describe, expect, test } from "vitest";

const ADAPTERS: readonly Adapter[] = [aws, azure, gcp, node];
const WORDS: Readonly<Record<string, number>> = { two: 2 };

/** Each trigger's capabilities, and those of each of its sources. */
const rows = ADAPTERS.flatMap(({ name, capabilities }) =>
  Object.entries(capabilities).flatMap(([kind, trigger]) => {
    if ("unsupported" in trigger) return [];
    const sources = trigger.sources.map((source) => ({ source, ...trigger, ...trigger.bySource?.[source] }));
    return [{ source: "", ...trigger }, ...sources].map((row) => ({
      ...row,
      name,
      kind: kind as TriggerKind,
    }));
  }),
);
type Row = TriggerCapabilities & { readonly name: string; readonly kind: TriggerKind };

test.each(rows)(
  "$name/$kind $source has deviations of sources that it has",
  ({ sources, bySource = {} }: Row) => {
    for (const source of Object.keys(bySource)) expect(sources).toContain(source);
  },
);

describe("numbers agree with prose", () => {
  test.each(rows.filter(({ tries = Number.NaN, source }) => Number.isFinite(tries) && source !== ""))(
    "$name/$kind $source: $tries tries",
    ({ tries = 0, retryDefault }: Row) => {
      const [, word = "", more] = /(\d+|two)( more)? (?:tries|try)/i.exec(retryDefault) ?? [];
      if (word === "") {
        // Nothing is tried again.
        expect(retryDefault).toMatch(/dropped unless|^none|not run again unless/);
        expect(tries).toBeLessThanOrEqual(1);
        return;
      }
      const told = WORDS[word.toLowerCase()] ?? Number(word);
      expect(more === undefined ? told : told + 1).toBe(tries);
    },
  );

  test("a source that goes on for ever says so", () => {
    const endless = rows.filter(({ tries }) => tries === Number.POSITIVE_INFINITY);
    expect(endless.length).toBeGreaterThan(5);
    for (const { retryDefault, name, kind } of endless)
      expect(retryDefault, `${name}/${kind}`).toMatch(/until|for ever/i);
  });

  test("a schedule that knows UTC alone says so", () => {
    for (const { capabilities, name } of ADAPTERS) {
      const { schedules, notes = [] } = capabilities.schedule as TriggerCapabilities;
      expect(schedules, name).toBeDefined();
      if (schedules?.timeZone === false) expect(notes.join(" ")).toMatch(/in UTC/);
      expect(notes.join(" ")).toContain(schedules?.clockChange ?? "");
      if (schedules?.clock === false) expect(notes.join(" ")).toMatch(/keeps no clock/);
    }
  });
});
