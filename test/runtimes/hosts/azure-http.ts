import { fromHttpResult } from "./azure/answer.ts";
import { decodePath } from "./azure/path.ts";
import { matchRoute } from "./azure/routes.ts";
import { toHttpTrigger } from "./azure/trigger.ts";
import type { AzureHost } from "./azure.ts";
import type { Front } from "./host.ts";
import { inOnePiece, splitUrl } from "./http.ts";

export { fromHttpResult } from "./azure/answer.ts";
export { matchRoute } from "./azure/routes.ts";
export { toHttpTrigger } from "./azure/trigger.ts";

/**
 * The HTTP front of a function app: picks the function by route and method, sends the request in the form the app asked
 * for, buffered or streamed, and gives back what the caller would read. Keys are not checked.
 */
export function azureFront(host: AzureHost): Front {
  return async (request) => {
    const path = decodePath(splitUrl(request.url).path);
    const match = matchRoute(host.functions, host.routePrefix, request.method, path);
    if (!match) return inOnePiece(404, [["content-length", "0"]], new Uint8Array());
    if (host.capabilities.HttpUri) return host.invokeHttpStream(match.functionName, request, match.params);
    const result = await host.invoke(match.functionName, toHttpTrigger(request, match.params));
    return fromHttpResult(result, request.method);
  };
}
