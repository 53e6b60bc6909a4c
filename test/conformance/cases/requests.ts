import type { Case } from "../case.ts";
import { BASE_PATHS } from "./requests-bases.ts";
import { REQUEST_BODIES } from "./requests-bodies.ts";
import { CLIENT_IPS } from "./requests-callers.ts";
import { REQUEST_HEADERS } from "./requests-headers.ts";
import { REQUEST_EVENTS, REQUEST_METHODS } from "./requests-methods.ts";
import { REQUEST_ORIGINS } from "./requests-origins.ts";
import { PARSED_BODIES, REQUEST_FORMS } from "./requests-parsed.ts";
import { REQUEST_PATHS } from "./requests-paths.ts";
import { REQUEST_QUERIES } from "./requests-queries.ts";
import { STRANGE_HEADERS } from "./requests-strange.ts";
import { REQUEST_URLS } from "./requests-urls.ts";

/** Requests on their way to a function. */
export const REQUESTS: readonly Case[] = [
  ...REQUEST_BODIES,
  ...REQUEST_HEADERS,
  ...STRANGE_HEADERS,
  ...REQUEST_QUERIES,
  ...REQUEST_PATHS,
  ...BASE_PATHS,
  ...REQUEST_ORIGINS,
  ...CLIENT_IPS,
  ...REQUEST_METHODS,
  ...REQUEST_FORMS,
  ...PARSED_BODIES,
  ...REQUEST_URLS,
  ...REQUEST_EVENTS,
];
