import { type AnyFunction, defineFunction, type HttpEvent, http } from "@anyfn/core";
import type { See } from "../case.ts";

/** Every byte, among them what is no UTF-8, NUL and both line ends. */
export const ALL_BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, index) => index);

/** A function that takes any request at `/in` or below and notes what is read from it. */
export function seeing(read: (event: HttpEvent) => unknown, path = "/in"): (see: See) => AnyFunction {
  return (see) =>
    defineFunction({
      trigger: http.any(path as "/in"),
      handler: async (event) => see(await read(event as HttpEvent)),
    });
}

/** The same at every path. */
export function seeingAnywhere(read: (event: HttpEvent) => unknown): (see: See) => AnyFunction {
  return seeing(read, "/{rest+}");
}

/** Bytes as text that a failed comparison can show. */
export function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString("hex");
}
