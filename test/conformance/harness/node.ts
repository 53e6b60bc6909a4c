import { createServer, node } from "@anyfn/node";
import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import { type Delivered, failureIn, type Harness } from "../harness.ts";
import { sendTo } from "../wire.ts";
import { openHttp } from "./arriving.ts";

/** A plain server; events are posted to `/_events/under-test`. */
export const harness: Harness = {
  adapter: node,
  fronts: ["server"],
  async deploy(definition, options) {
    const server = createServer({ "under-test": definition }, { gracePeriod: 0.2, ...options });
    const { port } = await server.listen(0, "127.0.0.1");
    const deliver = async (request: unknown): Promise<Delivered> => {
      const reply = await sendTo(port, request as PlainRequest);
      const error = failureIn(reply);
      return { answer: { status: reply.status }, reply, ...(error && { error }) };
    };
    return {
      deliver,
      send: (_front, request) => deliver(request),
      open: (request) => openHttp(port, request),
      close: () => server.close(),
    };
  },
  foreign: (payload) => ({
    method: "POST",
    url: "/_events/under-test",
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify(payload)),
  }),
};
