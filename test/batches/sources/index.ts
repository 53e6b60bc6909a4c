import type { Source } from "../source.ts";
import { sources as aws } from "./aws.ts";
import { sources as azure } from "./azure.ts";
import { sources as gcp } from "./gcp.ts";
import { closeAll, sources as node } from "./node.ts";

/** Every source of every adapter whose events can fail. */
export const sources: readonly Source[] = [...aws, ...azure, ...gcp, ...node];

export { closeAll };

/** Whether a handler may ask for whole batches. */
export function takesBatches({ kind }: Source): boolean {
  return kind !== "storage" && kind !== "bus";
}
