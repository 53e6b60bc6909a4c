import serverless from "serverless-http";
import { expressApp } from "../../cases/express-app.ts";
import type { Handler, Kind, Peer } from "../../cases/peer.ts";

/** Express through serverless-http. */
export const peer: Peer = {
  get: () => make("get"),
  post: () => make("post"),
  binary: () => make("binary"),
};

function make(kind: Exclude<Kind, "queue">): Handler {
  return serverless(expressApp(kind), { binary: ["image/png"] }) as Handler;
}
