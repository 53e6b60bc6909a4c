import { register } from "@anyfn/azure";
import { functions } from "../../cases/functions.ts";
import type { Peer } from "../../cases/peer.ts";
import { app, started } from "./_app.ts";

/** anyfn over the same library. */
export const peer: Peer = {
  get: () => {
    register(app, { getOrder: functions.getOrder });
    return started();
  },
  post: () => {
    register(app, { postOrder: functions.postOrder });
    return started();
  },
};
