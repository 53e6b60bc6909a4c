/** The facts of one neutral event, in the order that the table names. */
export type Facts = readonly unknown[];

/** Facts by the payload's path below `aws/`: one list for each neutral event that must come out of it. */
export type FactTable = ReadonlyMap<string, readonly Facts[]>;

/** Stands for what the payload itself holds at the same place, where it is too long to repeat. */
export const AS_SENT = "as sent";

/**
 * Reads a table of one JSON list a line: the path, and the facts of each event. The text `(none)` stands for
 * undefined; text after `bytes:` is base64 of bytes.
 */
export function readFacts(table: string): FactTable {
  const rows = table.trim().split("\n");
  return new Map(
    rows.map((row) => {
      const [path, ...events] = JSON.parse(row, toBytes) as [string, ...unknown[][]];
      return [path, events.map((facts) => facts.map((fact) => (fact === "(none)" ? undefined : fact)))];
    }),
  );
}

function toBytes(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.startsWith("bytes:")
    ? Buffer.from(value.slice(6), "base64")
    : value;
}
