import type { Case } from "../case.ts";
import { BACKGROUND } from "./background.ts";
import { BUS } from "./bus.ts";
import { CLOUD_EVENTS } from "./cloudevents.ts";
import { CLOUD_EVENT_DATA } from "./cloudevents-data.ts";
import { EVENT_GRID } from "./event-grid.ts";
import { EVENT_GRID_HANDSHAKES } from "./event-grid-handshakes.ts";
import { TOPIC_ENVELOPES } from "./topic-envelopes.ts";
import { TOPICS } from "./topics.ts";

/** Published messages, and events of a bus. */
export const EVENTS: readonly Case[] = [
  ...TOPICS,
  ...TOPIC_ENVELOPES,
  ...BUS,
  ...EVENT_GRID_HANDSHAKES,
  ...EVENT_GRID,
  ...CLOUD_EVENTS,
  ...CLOUD_EVENT_DATA,
  ...BACKGROUND,
];
