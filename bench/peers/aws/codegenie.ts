import { configure } from "@codegenie/serverless-express";
import { expressApp } from "../../cases/express-app.ts";
import type { Handler, Kind, Peer } from "../../cases/peer.ts";

/** Express through @codegenie/serverless-express. */
export const peer: Peer = {
  get: () => make("get"),
  post: () => make("post"),
  binary: () => make("binary"),
};

function make(kind: Exclude<Kind, "queue">): Handler {
  const app = expressApp(kind);
  return configure({ app, binarySettings: { contentTypes: ["image/png"] } }) as unknown as Handler;
}
