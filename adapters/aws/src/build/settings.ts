import type { Schema } from "@anyfn/core";
import * as z from "zod";

/** What a function may do beyond its trigger's needs, in IAM's words. */
export interface PermissionSettings {
  /** Such as `dynamodb:GetItem`; no wildcards. */
  readonly actions: readonly string[];
  /** ARNs; `${AWS::Region}` and `${AWS::AccountId}` stand for the stack's own. A wildcard only for all below a name. */
  readonly resources: readonly string[];
}

/** What stands before HTTP functions. */
export type Front = "http-api" | "rest-api" | "function-url" | "none";

/** How one function is served. */
export interface FunctionSettings {
  /** Answers piece by piece; for a function URL with `RESPONSE_STREAM` or a REST API in the transfer mode `STREAM`. */
  readonly streaming?: boolean | undefined;
  /** Path that the front puts before the function's own. */
  readonly basePath?: string | undefined;
  /** False where the source takes no list of failed records: one failure then fails the whole batch. */
  readonly partialFailures?: boolean | undefined;
  /**
   * What takes requests; by default one HTTP API for all, and a function URL for a function that streams or may run for
   * more than 30 seconds, which an HTTP API cannot serve. `"none"` leaves it to you, as a load balancer does.
   */
  readonly front?: Front | undefined;
  /** Environment variables: plain values, no secrets. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Settings of one function alone. */
export interface OwnSettings extends FunctionSettings {
  /** What the trigger's logical name stands for, such as `"sqs-fifo"`; by default the first of the trigger's sources. `"none"`: you connect it. */
  readonly source?: string | undefined;
  /** Statements for the function's role, beyond what its trigger needs. */
  readonly permissions?: readonly PermissionSettings[] | undefined;
}

/** The target's section of the configuration: defaults for all functions, and settings by function name. */
export interface AwsSettings extends FunctionSettings {
  /**
   * Leaves `@aws-sdk/*` and `@smithy/*` out of the bundles, so that Lambda's own copy is used. False by default: that copy
   * is older than yours, changes without notice and loads more slowly than a bundled one.
   */
  readonly externalizeSdk?: boolean | undefined;
  /**
   * Logical names of the queues, topics, buckets, tables, streams and buses that the infrastructure creates, true for all;
   * by default they are there already, and parameters name them.
   */
  readonly create?: boolean | readonly string[] | undefined;
  /** Values of the infrastructure's parameters by name, for `anyfn deploy`; `--parameter Name=value` goes before. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Days for which logs are kept; 30 by default. */
  readonly logRetentionDays?: number | undefined;
  /** `"arm64"` by default, which costs less. */
  readonly architecture?: "arm64" | "x86_64" | undefined;
  /** `"install"` puts native packages into the artifacts, for Linux and the architecture; by default they are refused. */
  readonly native?: "install" | undefined;
  readonly functions?: Readonly<Record<string, OwnSettings>> | undefined;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const yesOrNo = () => z.boolean("Write true or false.").optional();

const environment = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9_]+$/, "A variable has letters, digits and underscores."),
  z.string("Write the value as text."),
);

/** An ARN without wildcards, or one of all that is below a name: of a bucket, or of a resource with type and name. */
const RESOURCE =
  /^arn:(?:[^*?]*[^*?:/]|[^*?]*:::[^*?:/]+(?:\/[^*?]+)?\/\*|[^*?]*:[^*?:/]+\/[^*?/]+(?:\/[^*?]+)?\/\*)$/;

const permission = z.strictObject({
  actions: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, 'Write one action, such as "s3:GetObject"; no wildcards.'),
    )
    .min(1, "Name at least one action."),
  resources: z
    .array(
      z
        .string()
        .regex(RESOURCE, 'Write the ARN of one resource, or of all below a name: "arn:aws:s3:::images/*".'),
    )
    .min(1, "Name at least one resource."),
});

const functionSettings = {
  streaming: yesOrNo(),
  basePath: z.string().startsWith("/", 'Write a path that starts with "/".').optional(),
  partialFailures: yesOrNo(),
  front: z
    .enum(
      ["http-api", "rest-api", "function-url", "none"],
      'Write "http-api", "rest-api", "function-url" or "none".',
    )
    .optional(),
  environment: environment.optional(),
};

const ownSettings = z.strictObject({
  ...functionSettings,
  source: z.string("Write the source's name.").optional(),
  permissions: z.array(permission).optional(),
});

/** Validates the target's section of the configuration. */
export const settings: Schema<unknown, AwsSettings> = z.strictObject({
  ...functionSettings,
  externalizeSdk: yesOrNo(),
  create: z.union([z.boolean(), z.array(z.string())], "Write true, or a list of logical names.").optional(),
  parameters: z.record(z.string(), z.string("Write the value as text.")).optional(),
  logRetentionDays: z
    .number("Write a number of days.")
    .refine((days) => RETENTION.includes(days), `CloudWatch keeps logs for ${RETENTION.join(", ")} days.`)
    .optional(),
  native: z.literal("install", 'Write "install", or leave it out.').optional(),
  architecture: z.enum(["arm64", "x86_64"], 'Write "arm64" or "x86_64".').optional(),
  functions: z.record(z.string(), ownSettings).optional(),
});
