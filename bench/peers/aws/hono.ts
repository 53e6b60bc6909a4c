import { handle } from "hono/aws-lambda";
import { honoApp } from "../../cases/hono-app.ts";
import type { Handler, Peer } from "../../cases/peer.ts";

/** Hono with its own adapter for Lambda. */
export const peer: Peer = {
  get: () => handle(honoApp("get")) as Handler,
  post: () => handle(honoApp("post")) as Handler,
  binary: () => handle(honoApp("binary")) as Handler,
};
