import type { Schema } from "@anyfn/core";
import { z } from "zod";

/** How one function is served. */
export interface FunctionSettings {
  /** Answers piece by piece; for a function URL with `RESPONSE_STREAM` or a REST API in the transfer mode `STREAM`. */
  readonly streaming?: boolean | undefined;
  /** Path that the front puts before the function's own. */
  readonly basePath?: string | undefined;
  /** False where the source takes no list of failed records: one failure then fails the whole batch. */
  readonly partialFailures?: boolean | undefined;
}

/** The target's section of the configuration: defaults for all functions, and settings by function name. */
export interface AwsSettings extends FunctionSettings {
  /**
   * Leaves `@aws-sdk/*` and `@smithy/*` out of the bundles, so that Lambda's own copy is used. False by default: that copy
   * is older than yours, changes without notice and loads more slowly than a bundled one.
   */
  readonly externalizeSdk?: boolean | undefined;
  readonly functions?: Readonly<Record<string, FunctionSettings>> | undefined;
}

const functionSettings = {
  streaming: z.boolean("Write true or false.").optional(),
  basePath: z.string().startsWith("/", 'Write a path that starts with "/".').optional(),
  partialFailures: z.boolean("Write true or false.").optional(),
};

/** Validates the target's section of the configuration. */
export const settings: Schema<unknown, AwsSettings> = z.strictObject({
  ...functionSettings,
  externalizeSdk: z.boolean("Write true or false.").optional(),
  functions: z.record(z.string(), z.strictObject(functionSettings)).optional(),
});
