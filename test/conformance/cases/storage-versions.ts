import type { StorageEvent } from "@anyfn/core";
import { expect } from "vitest";
import type { AdapterName, Case, Natives } from "../case.ts";
import { onObject } from "../functions.ts";
import type { Harness } from "../harness.ts";
import { records } from "../payloads/aws/messages.ts";
import { everyWayOf, everyWayOfEvent, s3Event, s3Record } from "../payloads/aws/s3.ts";
import { blobData, blobEvents, blobSubject } from "../payloads/azure/blobs.ts";
import { grid, gridEvent } from "../payloads/azure/event-grid.ts";
import { bareNotifications, notifications, objectEvents } from "../payloads/gcp/objects.ts";
import { nodeObject, objectChange } from "../payloads/objects.ts";

/** What a function sees of deliveries that come one after the other. */
async function seenOf(
  harness: Harness,
  facts: (event: StorageEvent) => unknown,
  natives: { readonly [Name in AdapterName]: readonly Natives[Name][] },
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const deployed = await harness.deploy(onObject(facts)((one) => seen.push(one)));
  try {
    for (const native of natives[harness.adapter.name as AdapterName]) {
      expect((await deployed.deliver(native)).error).toBeUndefined();
    }
  } finally {
    await deployed.close?.();
  }
  return seen;
}

const versionOf = ({ action, version }: StorageEvent) => [action, version];
const GENERATIONS = ["1772359200123456", "1772359260654321"] as const;

/** Versions of stored objects, and their order. */
export const STORAGE_VERSIONS: readonly Case[] = [
  {
    id: "O6",
    title: "gives entity tag and version as they are, without quotes",
    define: onObject(({ etag, version }) => [etag, version]),
    native: {
      aws: [
        ...everyWayOf(s3Record("a", { eTag: "0123456789abcdef", versionId: "007" })),
        ...everyWayOfEvent(s3Event("a", { etag: "0123456789abcdef", "version-id": "007" })),
      ],
      azure: blobEvents("a", undefined, {
        eTag: '"0x8D4BCC2E4835CD0"',
        blobVersion: "2026-03-01T10:00:00.1234567Z",
      }),
      gcp: [
        ...objectEvents("a", undefined, { etag: "CICAgICAgICAAQ==" }),
        ...notifications("a", undefined, { etag: "CICAgICAgICAAQ==" }),
      ],
      node: nodeObject({ action: "created", key: "a", etag: "0123456789abcdef", version: "007" }),
    },
    expect: { seen: [["0123456789abcdef", "007"]] },
    expectOn: {
      azure: { seen: [["0x8D4BCC2E4835CD0", "2026-03-01T10:00:00.1234567Z"]] },
      gcp: { seen: [["CICAgICAgICAAQ==", GENERATIONS[0]]] },
    },
  },
  {
    id: "O6",
    title: "orders the changes of a key by the text of their sequence",
    define: onObject(({ sequence }) => sequence),
    scenario: async (harness) => {
      const sequences = (await seenOf(harness, ({ sequence }) => sequence, {
        aws: [
          s3Event("a", { sequencer: "0065E1A7206F4D2C11" }),
          s3Event("a", { sequencer: "0065E1A7206F4D2C11A0" }),
        ],
        azure: [
          grid(
            gridEvent({
              eventType: "Microsoft.Storage.BlobCreated",
              subject: blobSubject("a"),
              data: blobData("a"),
            }),
          ),
          grid(
            gridEvent({
              eventType: "Microsoft.Storage.BlobDeleted",
              subject: blobSubject("a"),
              data: blobData("a", { sequencer: "0000000000000442000000000002896A" }),
            }),
          ),
        ],
        // As text "9" is above "10": generations have to be padded, and so have the changes of one.
        gcp: [
          ...objectEvents("a", undefined, { generation: "999999999999999" }).slice(1),
          ...objectEvents("a", undefined, { generation: GENERATIONS[0], metageneration: "9" }).slice(1),
          ...objectEvents("a", "OBJECT_METADATA_UPDATE", {
            generation: GENERATIONS[0],
            metageneration: "10",
          }).slice(1),
        ],
        node: [
          ...nodeObject({ action: "created", key: "a", sequence: "1" }),
          ...nodeObject({ action: "created", key: "a", sequence: "2" }),
        ],
      })) as string[];
      expect(sequences.every((sequence) => typeof sequence === "string")).toBe(true);
      expect(sequences).toEqual([...sequences].sort());
      expect(new Set(sequences).size).toBeGreaterThan(1);
    },
  },
  {
    id: "O6",
    title: "gives one change the same id at each delivery, and another one another",
    define: onObject(({ id }) => id),
    decision: "S3 has no id for a change: bucket, key and sequencer are one.",
    scenario: async (harness) => {
      const one = objectChange("created", "a");
      const other = {
        aws: [records(s3Record("a", { sequencer: "0065E1A7206F4D2C12" }))],
        azure: [
          grid(
            gridEvent({ id: "e-2", eventType: "Microsoft.Storage.BlobCreated", subject: blobSubject("a") }),
          ),
        ],
        gcp: notifications("a").slice(0, 1),
        node: nodeObject({ action: "created", key: "a" }, "e-2").slice(0, 1),
      };
      const natives = {
        aws: [one.aws[0], one.aws[0], ...other.aws],
        azure: [one.azure[0], one.azure[0], ...other.azure].filter((native) => native !== undefined),
        gcp: [one.gcp[0], one.gcp[0], ...other.gcp].filter((native) => native !== undefined),
        node: [one.node[0], one.node[0], ...other.node].filter((native) => native !== undefined),
      };
      const [first, second, third] = await seenOf(harness, ({ id }) => id, natives);
      expect(first).toBeTypeOf("string");
      expect(second).toBe(first);
      expect(third).not.toBe(first);
    },
  },
  {
    id: "O10",
    title: "shows both what was written and what was overwritten, each with its version",
    define: onObject(versionOf),
    scenario: async (harness) => {
      const [before, after] = GENERATIONS;
      const seen = await seenOf(harness, versionOf, {
        aws: [
          records(
            s3Record("a", { versionId: after }),
            s3Record("a", { versionId: before }, { eventName: "LifecycleExpiration:Delete" }),
          ),
        ],
        azure: [
          ...blobEvents("a", undefined, { blobVersion: after }).slice(1),
          ...blobEvents("a", "Microsoft.Storage.BlobDeleted", { blobVersion: before }).slice(1),
        ],
        gcp: [
          ...notifications(
            "a",
            "OBJECT_FINALIZE",
            { generation: after },
            { objectGeneration: after, overwroteGeneration: before },
          ).slice(1),
          ...bareNotifications("a", "OBJECT_DELETE", {
            objectGeneration: before,
            overwrittenByGeneration: after,
          }).slice(1, 2),
        ],
        node: [
          ...nodeObject({ action: "created", key: "a", version: after }).slice(1),
          ...nodeObject({ action: "deleted", key: "a", version: before }).slice(1),
        ],
      });
      expect(seen).toEqual([
        ["created", after],
        ["deleted", before],
      ]);
    },
  },
];
