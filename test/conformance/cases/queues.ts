import type { Case } from "../case.ts";
import { QUEUE_ATTRIBUTES } from "./queue-attributes.ts";
import { QUEUE_FAILURES } from "./queue-failures.ts";
import { QUEUE_METADATA } from "./queue-metadata.ts";
import { QUEUE_ORDER } from "./queue-order.ts";
import { QUEUE_PAYLOADS } from "./queue-payloads.ts";
import { QUEUE_READINGS } from "./queue-readings.ts";
import { QUEUE_VERDICTS } from "./queue-verdicts.ts";
import { QUEUE_WAYS } from "./queue-ways.ts";

/** Messages of a queue. */
export const QUEUES: readonly Case[] = [
  ...QUEUE_READINGS,
  ...QUEUE_METADATA,
  ...QUEUE_ATTRIBUTES,
  ...QUEUE_FAILURES,
  ...QUEUE_VERDICTS,
  ...QUEUE_ORDER,
  ...QUEUE_PAYLOADS,
  ...QUEUE_WAYS,
];
