import type { AzureInvocation, RpcHttp } from "../../../runtimes/hosts/azure/rpc.ts";

/** A request as the host sends it to the worker; header names there are in lower case. */
export function azureRequest({
  headers = {},
  body,
  ...http
}: Omit<Partial<RpcHttp>, "headers" | "body"> & AzureParts = {}): AzureInvocation {
  const nullableHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { value }]),
  );
  const data = body === undefined ? {} : { body: { bytes: Buffer.from(body) } };
  const url = "https://shop.azurewebsites.net/in";
  return { inputData: { http: { method: "GET", url, nullableHeaders, ...http, ...data } } };
}

interface AzureParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
