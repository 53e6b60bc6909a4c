import { type AzureSettings, azure } from "@anyfn/azure";
import { decodePath } from "../../runtimes/hosts/azure/path.ts";
import type { AzureInvocation } from "../../runtimes/hosts/azure/rpc.ts";
import { fromHttpResult, matchRoute, toHttpTrigger } from "../../runtimes/hosts/azure-http.ts";
import { inOnePiece, splitUrl } from "../../runtimes/hosts/http.ts";
import { deploy } from "../../support/azure-app.ts";
import { type Delivered, failureIn, failureOf, type Harness } from "../harness.ts";
import { openAzure } from "./azure-stream.ts";

let count = 0;

/** Azure Functions: the genuine library between the host's messages and the function. */
export const harness: Harness = {
  adapter: azure,
  fronts: ["function-app"],
  async deploy(definition, options) {
    // A name can be registered once in a process.
    const name = `under-test-${++count}`;
    const app = deploy({ [name]: definition }, options as AzureSettings);
    const invoke = async (native: unknown): Promise<Delivered> => {
      const logged: string[] = [];
      try {
        const invocation = native as AzureInvocation;
        const result = await app.invoke(name, invocation, (log) => logged.push(log.message));
        if (!result.ok || !result.returnValue?.http) return { answer: result, logged };
        const reply = fromHttpResult(result, invocation.inputData.http?.method);
        const error = failureIn(reply);
        return { answer: result.returnValue.http, reply, logged, ...(error && { error }) };
      } catch (error) {
        return { error: failureOf(error), logged };
      }
    };
    return {
      deliver: invoke,
      send: async (_front, request) => {
        const path = decodePath(splitUrl(request.url).path);
        const match = matchRoute([app.describe(name)], "", request.method, path);
        if (match === undefined) return { reply: inOnePiece(404, [], new Uint8Array()) };
        return invoke(toHttpTrigger(request, match.params));
      },
      open: (request) => openAzure(definition, options as AzureSettings, request),
    };
  },
  foreign: (payload) => ({ inputData: { json: JSON.stringify(payload) } }),
};
