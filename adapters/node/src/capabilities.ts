import type { Capabilities, TriggerCapabilities } from "@anyfn/core/adapter";

/** Bounded by the settings of the server alone. */
const UNLIMITED: number = Number.POSITIVE_INFINITY;
/** Default of the body limit. */
const MAX_BYTES: number = 6 * 1024 * 1024;

/** Every event arrives as a CloudEvent, and one status answers the whole request. */
const events = {
  sources: ["CloudEvents over HTTP"],
  batch: UNLIMITED,
  partialFailure: false,
  ordering: "none",
  deadLetter: "immediate",
  delay: true,
  maxSeconds: UNLIMITED,
  maxBytes: MAX_BYTES,
  retryDefault: "The sender decides: 503 asks for another delivery, 422 for none.",
  deadline: "configured",
  perFunction: { memory: false, timeout: true },
} as const satisfies TriggerCapabilities;

/** A caller that waits for the answer decides on its own whether to ask again. */
const requests = {
  ...events,
  sources: ["HTTP server"],
  batch: 1,
  deadLetter: "none",
  delay: false,
  retryDefault: "none",
} as const satisfies TriggerCapabilities;

const GUARDED =
  "Everything below /_events/ runs functions for whoever can reach it: keep the path from the outside, or check the caller.";
const BATCH_NOTE =
  "One status answers a batch: when one of its events must be delivered again, all of them are.";

/** What a plain Node server can do. */
export const capabilities: Capabilities = {
  http: { ...requests, streamingOut: true, streamingIn: false, pathParams: "routes" },
  queue: { ...events, ordering: "group", notes: [GUARDED, BATCH_NOTE] },
  topic: { ...events, ordering: "group", notes: [GUARDED, BATCH_NOTE] },
  schedule: {
    ...events,
    schedules: { fields: 5, timeZone: true, bothDays: true, clock: false },
    notes: [GUARDED, "The server keeps no clock: a scheduler such as a Knative PingSource sends each tick."],
  },
  storage: {
    ...events,
    actions: ["created", "deleted", "archived", "metadata"],
    notes: [GUARDED, BATCH_NOTE],
  },
  changes: {
    ...events,
    ordering: "partition",
    actions: ["created", "updated", "deleted"],
    before: true,
    notes: [GUARDED, BATCH_NOTE],
  },
  stream: { ...events, ordering: "partition", notes: [GUARDED, BATCH_NOTE] },
  bus: { ...events, notes: [GUARDED, BATCH_NOTE] },
  direct: requests,
};
