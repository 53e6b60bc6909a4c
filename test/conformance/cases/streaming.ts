import type { Case } from "../case.ts";
import { STREAM_ENDS } from "./streaming-ends.ts";
import { STREAMED_PIECES } from "./streaming-pieces.ts";
import { STREAMING_TARGETS } from "./streaming-targets.ts";

/** Answers that leave piece by piece. */
export const STREAMING: readonly Case[] = [...STREAMED_PIECES, ...STREAM_ENDS, ...STREAMING_TARGETS];
