import type { Case } from "../case.ts";
import { ANSWER_BODIES } from "./answers-bodies.ts";
import { ANSWER_COOKIES } from "./answers-cookies.ts";
import { ANSWER_HEADERS } from "./answers-headers.ts";
import { ANSWER_LIMITS } from "./answers-limits.ts";
import { ANSWER_RESULTS } from "./answers-results.ts";
import { ANSWER_STATUSES } from "./answers-status.ts";

/** Answers on their way to a caller. */
export const ANSWERS: readonly Case[] = [
  ...ANSWER_BODIES,
  ...ANSWER_COOKIES,
  ...ANSWER_HEADERS,
  ...ANSWER_STATUSES,
  ...ANSWER_RESULTS,
  ...ANSWER_LIMITS,
];
