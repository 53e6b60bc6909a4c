import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type CloudFunction, type CloudOptions, gcp, toCloudFunction } from "@anyfn/gcp";
import { http as registerHttp } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import { type Delivered, failureIn, type Harness } from "../harness.ts";
import { sendTo } from "../wire.ts";
import { openHttp } from "./arriving.ts";

/** Google Cloud: the genuine framework's server, as an emitted artifact starts it. */
export const harness: Harness = {
  adapter: gcp,
  fronts: ["functions-framework"],
  async deploy(definition, options) {
    const settings: CloudOptions = { name: "under-test", ownServer: true, ...options };
    const shared = await serverFor(settings.ownServer === true);
    const { port } = shared;
    const env = Object.setPrototypeOf({ ...settings.env, PORT: String(port) }, process.env);
    shared.current = toCloudFunction(definition, { ...settings, env });
    const deliver = async (request: unknown): Promise<Delivered> => {
      const reply = await sendTo(port, request as PlainRequest);
      const error = failureIn(reply);
      return { answer: { status: reply.status }, reply, ...(error && { error }) };
    };
    return {
      deliver,
      send: (_front, request) => deliver(request),
      open: (request) => openHttp(port, request),
    };
  },
  foreign: (payload) => ({
    method: "POST",
    url: "/",
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify(payload)),
  }),
};

/** A server of the framework, and the function that it calls. */
interface SharedServer {
  readonly port: number;
  current?: CloudFunction;
}

const servers = new Map<boolean, Promise<SharedServer>>();

/**
 * One server for the functions that have it to themselves, and one for the others: the adapter keeps its hold on the
 * requests of a port, which another server of this process must not get afterwards.
 */
function serverFor(own: boolean): Promise<SharedServer> {
  const found = servers.get(own) ?? startServer(own ? "own-server" : "other-server");
  servers.set(own, found);
  return found;
}

async function startServer(name: string): Promise<SharedServer> {
  registerHttp(name, (request, response) => shared.current?.(request, response));
  const server = getTestServer(name);
  await once(server.listen(0, "127.0.0.1"), "listening");
  server.unref();
  const shared: SharedServer = { port: (server.address() as AddressInfo).port };
  return shared;
}
