import type { Schema } from "@anyfn/core";
import { z } from "zod";

/** The `gcp` section of the configuration, after validation. */
export interface GcpSettings {
  /** Node.js of the functions: `engines` of each package.json, from which Google's build takes it. */
  readonly node: "22" | "24";
  /** Path in front of the functions' own, as a load balancer's path matcher leaves it there. */
  readonly basePath?: string | undefined;
  /** Proxies of yours that append to `X-Forwarded-For`; 1 for an external Application Load Balancer. */
  readonly trustedProxies: number;
}

/** Validates the `gcp` section; an absent one is `{}`. */
export const settings: Schema<unknown, GcpSettings> = z.strictObject({
  node: z
    .enum(["22", "24"], { error: 'must be "22" or "24", the versions that Google Cloud runs' })
    .default("24"),
  basePath: z
    .string()
    .regex(/^\/.*[^/]$/, { error: 'must start with "/" and not end with it, such as "/api"' })
    .optional(),
  trustedProxies: z.int({ error: "must be a whole number of proxies" }).min(0).default(0),
});
