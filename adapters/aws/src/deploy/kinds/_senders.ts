import type { Aws } from "../kind.ts";
import { together } from "./_service.ts";
import { permission } from "./permission.ts";

/**
 * What one service may invoke the stage's functions for, as ARNs. Where nothing else leads from the stage to what others
 * named, the functions' permissions still do.
 */
export async function sendersOf(aws: Aws, service: string): Promise<readonly string[]> {
  const permissions = await together(aws, "permissions", async () => (await permission.list?.(aws)) ?? []);
  const own = permissions.filter(({ properties }) => properties.Principal === service);
  return [...new Set(own.map(({ properties }) => String(properties.SourceArn)))];
}
