import { createRequire } from "node:module";
import { provideCore } from "../../../test/runtimes/hosts/azure/core.ts";
import type { RpcInvocationRequest } from "../../../test/runtimes/hosts/azure/rpc.ts";
import type { Handler } from "../../cases/peer.ts";

type Library = typeof import("@azure/functions");

const core = provideCore(() => {});
// The library asks for its core with `require` when the first function is registered.
const library = createRequire(import.meta.url)("@azure/functions") as Library;

/** The genuine library. */
export const app: Library["app"] = library.app;

/** A handler of what the host sends, through the library, for the one function that is registered. */
export async function started(): Promise<Handler> {
  await core.lock();
  const { functionId = "", bindings = [] } = core.functions[0] ?? {};
  const name = bindings.find(({ direction }) => direction === "in")?.name ?? "";
  return async ({ data, ...request }: RpcInvocationRequest & { readonly data: object }) => {
    const result = await core.invoke({ ...request, functionId, inputData: [{ name, data }] });
    return result.ok ? result.returnValue : undefined;
  };
}
