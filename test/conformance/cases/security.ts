import type { Case } from "../case.ts";
import { GUARDED_ANSWERS } from "./security-answers.ts";
import { HOSTILE_PATHS } from "./security-paths.ts";
import { HOSTILE_REQUESTS } from "./security-requests.ts";

/** What callers may not achieve, and not learn. */
export const SECURITY: readonly Case[] = [...HOSTILE_REQUESTS, ...HOSTILE_PATHS, ...GUARDED_ANSWERS];
