import type { Handler, Peer } from "../../cases/peer.ts";

/** Nitro's build of `peers/nitro` for Lambda; its file-based routes are all in it. */
const built = new URL("../../dist/nitro/output/server/index.mjs", import.meta.url);

const load = async (): Promise<Handler> => (await import(built.href)).handler;

export const peer: Peer = { get: load, post: load, binary: load };
