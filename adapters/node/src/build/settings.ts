import type { Schema } from "@anyfn/core";
import * as z from "zod";
import type { ServeOptions } from "../serve.ts";

/** The `node` section: what the server is told, and how it is built. */
export interface NodeBuildSettings extends ServeOptions {
  /** `"install"` puts native packages into the artifact, for Linux and the architecture; by default they are refused. */
  readonly native?: "install" | undefined;
  /** Of the machine that runs the server, for native packages; `"x64"` by default. */
  readonly architecture?: "arm64" | "x64" | undefined;
}

const HEALTH = 'Write a path that starts with "/", or false.';

/** The target's section of the configuration. */
export const settings: Schema<unknown, NodeBuildSettings> = z.strictObject({
  native: z.literal("install", 'Write "install", or leave it out.').optional(),
  architecture: z.enum(["arm64", "x64"], 'Write "arm64" or "x64".').optional(),
  /** Port to listen on unless `PORT` is set; 8080 by default. */
  port: z
    .int("Write a port number.")
    .min(0, "Ports start at 0.")
    .max(65_535, "Ports end at 65535.")
    .optional(),
  /** Address to listen on unless `HOST` is set; every interface by default. */
  host: z
    .string("Write an address, such as 127.0.0.1.")
    .min(1, "Leave it out for every interface.")
    .optional(),
  /** Path of the health route, or false; `/health` by default. */
  health: z.union([z.literal(false), z.templateLiteral(["/", z.string()])], HEALTH).optional(),
  /** Largest request body in bytes; 6 MiB by default. */
  bodyLimit: z.int("Write whole bytes.").positive("Write at least 1 byte.").optional(),
  /** Believes X-Forwarded-For and X-Forwarded-Proto; false by default. */
  trustProxy: z.boolean("Write true or false.").optional(),
  /** Seconds that accepted requests have to finish after SIGTERM; 10 by default. */
  gracePeriod: z.number("Write seconds.").nonnegative("Write 0 or more seconds.").optional(),
  /** Seconds in which a request must have arrived whole; 60 by default. */
  requestTimeout: z.number("Write seconds.").positive("Write more than 0 seconds.").optional(),
});
