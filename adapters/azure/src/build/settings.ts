import type { Schema } from "@anyfn/core";
import { z } from "zod";
import type { AzureSettings } from "../settings.ts";

const text = z.string().min(1, { error: "must not be empty" });
const authLevel = z
  .enum(["anonymous", "function", "admin"], { error: 'must be "anonymous", "function" or "admin"' })
  .exactOptional();
const connection = z
  .string()
  .regex(/^[A-Za-z_][\w:]*$/, {
    error: "must be the name of an app setting, or the prefix of several; never the connection string itself",
  })
  .exactOptional();
const route = z
  .string()
  .regex(/^\/[^\s{}*?#]+$/, { error: 'must be a path without parameters, such as "/events"' })
  .exactOptional();
const webhook = { route, authLevel, origins: z.array(text).exactOptional() };

/** Entries by the logical name of a declaration; a misspelt member is named together with it. */
function byName<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.record(text, z.strictObject(shape)).exactOptional();
}

/** Validates the `azure` section; an absent one is `{}`. */
export const settings: Schema<unknown, AzureSettings> = z.strictObject({
  queues: byName({
    source: z.enum(["storage-queue", "service-bus"]).exactOptional(),
    name: text.exactOptional(),
    connection,
    sessions: z.boolean().exactOptional(),
  }),
  topics: byName({
    source: z.enum(["service-bus", "event-grid", "event-grid-webhook"]).exactOptional(),
    topic: text.exactOptional(),
    subscription: text.exactOptional(),
    connection,
    sessions: z.boolean().exactOptional(),
    ...webhook,
  }),
  storage: byName({
    source: z.enum(["event-grid", "event-grid-webhook", "blob"]).exactOptional(),
    container: text.exactOptional(),
    connection,
    ...webhook,
  }),
  changes: byName({
    database: text.exactOptional(),
    container: text.exactOptional(),
    leaseContainer: text.exactOptional(),
    connection,
    mode: z.enum(["latest-version", "all-versions-and-deletes"]).exactOptional(),
  }),
  streams: byName({
    source: z.enum(["event-hubs", "kafka"]).exactOptional(),
    name: text.exactOptional(),
    connection,
    consumerGroup: text.exactOptional(),
    brokerList: text.exactOptional(),
    options: z.record(text, z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
    diagnosticLogs: z.boolean().exactOptional(),
  }),
  buses: byName({ source: z.enum(["event-grid", "event-grid-webhook"]).exactOptional(), ...webhook }),
  direct: byName({ source: z.enum(["http", "activity"]).exactOptional(), route, authLevel }),
  authLevel,
  routePrefix: z
    .string()
    .regex(/^$|^[^/\s{}*?#][^\s{}*?#]*[^/\s{}*?#]$/, {
      error: 'must be a path without slashes around it, such as "api"',
    })
    .exactOptional(),
  originalUrl: z.boolean().exactOptional(),
  streaming: z.boolean().exactOptional(),
  retry: z
    .strictObject({
      attempts: z.int({ error: "must be a whole number of further tries, -1 for ever" }).min(-1),
      minSeconds: z.number().positive().exactOptional(),
      maxSeconds: z.number().positive().exactOptional(),
    })
    .exactOptional(),
  timeoutSeconds: z.int({ error: "must be whole seconds" }).positive().exactOptional(),
  queueEncoding: z.enum(["none", "base64"], { error: 'must be "none" or "base64"' }).exactOptional(),
});
