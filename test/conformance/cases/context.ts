import type { Case } from "../case.ts";
import { ISOLATION } from "./context-isolation.ts";
import { AROUND_HANDLERS } from "./context-middleware.ts";
import { PLATFORMS } from "./context-platform.ts";
import { INVOCATION_TIMES } from "./context-times.ts";
import { TRACES } from "./context-traces.ts";

/** What a handler knows of its invocation, and what stands around it. */
export const CONTEXT: readonly Case[] = [
  ...INVOCATION_TIMES,
  ...TRACES,
  ...ISOLATION,
  ...AROUND_HANDLERS,
  ...PLATFORMS,
];
