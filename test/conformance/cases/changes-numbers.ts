import type { Case } from "../case.ts";
import { documentOf, onChange } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { dynamoRecord } from "../payloads/aws/tables.ts";
import { documentChange } from "../payloads/documents.ts";
import { firestoreDocument, firestoreEvents } from "../payloads/gcp/firestore.ts";

const seeAfter = onChange(documentOf);

const item = (NewImage: object) => [records(dynamoRecord({ NewImage }))];
const fields = (given: object) => firestoreEvents({ verb: "updated", value: firestoreDocument(given) });
const json = (after: object) => documentChange({ action: "updated", after });

/** Numbers that JSON cannot carry. */
const LARGE = { large: 12345678901234567890n, negative: -9223372036854775808n, odd: 9007199254740993n };
const SMALL = { safe: 9007199254740991, zero: 0, half: -0.5, tenth: 0.1, tiny: 1e-130 };
const INT64 = { largest: 9223372036854775807n, negative: LARGE.negative, odd: LARGE.odd };

/** Numbers in documents. */
export const CHANGE_NUMBERS: readonly Case[] = [
  {
    id: "B1",
    title: "keeps whole numbers of any length",
    decision:
      "Where the source writes JSON, a number is what JSON's readers make of it: senders write longer ones as text.",
    define: seeAfter,
    native: { ...json(LARGE), gcp: documentChange({ action: "updated", after: INT64 }).gcp },
    expect: { seen: [LARGE] },
    expectOn: {
      ...whereJson(textOf(LARGE)),
      gcp: { seen: [INT64] },
    },
  },
  {
    id: "B1",
    title: "gives numbers that a double holds as numbers",
    define: seeAfter,
    native: json(SMALL),
    expect: { seen: [SMALL] },
  },
  {
    id: "B1",
    title: "keeps decimals that no double holds as text",
    define: seeAfter,
    native: {
      aws: item({
        fraction: { N: "0.1234567890123456789" },
        long: { N: "-1234567890.12345678901234567890123456789" },
        whole: { N: "99999999999999999999999999999999999999" },
        power: { N: "1E+20" },
        set: { NS: ["1", "0.1234567890123456789", "12345678901234567890"] },
        padded: { N: "1.50" },
      }),
      azure: json({ fraction: "0.1234567890123456789" }).azure,
      gcp: fields({ fraction: { doubleValue: 0.12345678901234568 }, nan: { doubleValue: "NaN" } }),
      node: json({ fraction: "0.1234567890123456789" }).node,
    },
    expect: { seen: [{ fraction: "0.1234567890123456789" }] },
    expectOn: {
      aws: {
        seen: [
          {
            fraction: "0.1234567890123456789",
            long: "-1234567890.12345678901234567890123456789",
            whole: 99999999999999999999999999999999999999n,
            power: 100000000000000000000n,
            set: [1, "0.1234567890123456789", 12345678901234567890n],
            padded: 1.5,
          },
        ],
      },
      gcp: { seen: [{ fraction: 0.12345678901234568, nan: Number.NaN }] },
    },
  },
];

/** What is seen where documents are JSON. */
function whereJson(facts: unknown): NonNullable<Case["expectOn"]> {
  return { azure: { seen: [facts] }, node: { seen: [facts] } };
}

function textOf(numbers: object): object {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
}
