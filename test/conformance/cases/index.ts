import type { Case } from "../case.ts";
import { ANSWERS } from "./answers.ts";
import { CHANGES } from "./changes.ts";
import { CHANGE_FAILURES } from "./changes-failures.ts";
import { CHANGE_NUMBERS } from "./changes-numbers.ts";
import { CHANGE_TIMES } from "./changes-times.ts";
import { CHANGE_VALUES } from "./changes-values.ts";
import { CONTEXT } from "./context.ts";
import { DETECTION } from "./detection.ts";
import { EVENT_DETECTION } from "./detection-events.ts";
import { REQUEST_DETECTION } from "./detection-requests.ts";
import { EVENTS } from "./events.ts";
import { LOGS } from "./logs.ts";
import { LOG_ENTRIES } from "./logs-entries.ts";
import { QUEUES } from "./queues.ts";
import { REQUESTS } from "./requests.ts";
import { SCHEDULES } from "./schedules.ts";
import { CRON } from "./schedules-cron.ts";
import { SECURITY } from "./security.ts";
import { STORAGE } from "./storage.ts";
import { STORAGE_KEYS } from "./storage-keys.ts";
import { STORAGE_VERSIONS } from "./storage-versions.ts";
import { STREAMING } from "./streaming.ts";
import { STREAMS } from "./streams.ts";
import { STREAM_FAILURES } from "./streams-failures.ts";
import { STREAM_PLACES } from "./streams-places.ts";
import { TRANSFORMATIONS } from "./transformations.ts";
import { WEBSOCKET } from "./websocket.ts";

/** Every case, in the order of the sections. */
export const CASES: readonly Case[] = [
  ...DETECTION,
  ...EVENT_DETECTION,
  ...REQUEST_DETECTION,
  ...REQUESTS,
  ...WEBSOCKET,
  ...ANSWERS,
  ...STREAMING,
  ...QUEUES,
  ...EVENTS,
  ...SCHEDULES,
  ...CRON,
  ...STORAGE_KEYS,
  ...STORAGE,
  ...STORAGE_VERSIONS,
  ...CHANGES,
  ...CHANGE_NUMBERS,
  ...CHANGE_VALUES,
  ...CHANGE_TIMES,
  ...CHANGE_FAILURES,
  ...STREAMS,
  ...STREAM_PLACES,
  ...STREAM_FAILURES,
  ...LOGS,
  ...LOG_ENTRIES,
  ...TRANSFORMATIONS,
  ...CONTEXT,
  ...SECURITY,
];
