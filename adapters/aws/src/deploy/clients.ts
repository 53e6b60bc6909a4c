import type { APIGateway } from "@aws-sdk/client-api-gateway";
import type { ApiGatewayV2 } from "@aws-sdk/client-apigatewayv2";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { Kinesis } from "@aws-sdk/client-kinesis";
import type { Lambda } from "@aws-sdk/client-lambda";
import type { S3 } from "@aws-sdk/client-s3";
import type { Scheduler } from "@aws-sdk/client-scheduler";
import type { SNS } from "@aws-sdk/client-sns";
import type { SQS } from "@aws-sdk/client-sqs";
import type { STS } from "@aws-sdk/client-sts";
import { deployError } from "./_errors.ts";

/** Clients of the services, each loaded and made when it is first asked for. */
export interface Clients {
  readonly apiGateway: () => Promise<APIGateway>;
  readonly apiGatewayV2: () => Promise<ApiGatewayV2>;
  readonly dynamodb: () => Promise<DynamoDB>;
  readonly eventBridge: () => Promise<EventBridge>;
  readonly iam: () => Promise<IAM>;
  readonly kinesis: () => Promise<Kinesis>;
  readonly lambda: () => Promise<Lambda>;
  readonly logs: () => Promise<CloudWatchLogs>;
  readonly s3: () => Promise<S3>;
  readonly scheduler: () => Promise<Scheduler>;
  readonly sns: () => Promise<SNS>;
  readonly sqs: () => Promise<SQS>;
  readonly sts: () => Promise<STS>;
}

/**
 * Makes clients that take credentials, region and endpoints from where every AWS tool looks for them, and that ask nothing
 * more once the signal is aborted.
 */
export function createClients(signal: AbortSignal): Clients {
  const sts = once(async () => {
    const { STS } = await installed(import("@aws-sdk/client-sts"));
    return stoppable(new STS(CONFIG), signal);
  });
  // One pool of connections serves all; Kinesis would bring one for HTTP/2.
  const config = async () => ({ ...CONFIG, requestHandler: (await sts()).config.requestHandler });
  return {
    apiGateway: once(async () => {
      const { APIGateway } = await installed(import("@aws-sdk/client-api-gateway"));
      return new APIGateway(await config());
    }),
    apiGatewayV2: once(async () => {
      const { ApiGatewayV2 } = await installed(import("@aws-sdk/client-apigatewayv2"));
      return new ApiGatewayV2(await config());
    }),
    dynamodb: once(async () => {
      const { DynamoDB } = await installed(import("@aws-sdk/client-dynamodb"));
      return new DynamoDB(await config());
    }),
    eventBridge: once(async () => {
      const { EventBridge } = await installed(import("@aws-sdk/client-eventbridge"));
      return new EventBridge(await config());
    }),
    iam: once(async () => {
      const { IAM } = await installed(import("@aws-sdk/client-iam"));
      return new IAM(await config());
    }),
    kinesis: once(async () => {
      const { Kinesis } = await installed(import("@aws-sdk/client-kinesis"));
      return new Kinesis(await config());
    }),
    lambda: once(async () => {
      const { Lambda } = await installed(import("@aws-sdk/client-lambda"));
      return new Lambda(await config());
    }),
    logs: once(async () => {
      const { CloudWatchLogs } = await installed(import("@aws-sdk/client-cloudwatch-logs"));
      return new CloudWatchLogs(await config());
    }),
    s3: once(async () => {
      const { S3 } = await installed(import("@aws-sdk/client-s3"));
      return new S3(await config());
    }),
    scheduler: once(async () => {
      const { Scheduler } = await installed(import("@aws-sdk/client-scheduler"));
      return new Scheduler(await config());
    }),
    sns: once(async () => {
      const { SNS } = await installed(import("@aws-sdk/client-sns"));
      return new SNS(await config());
    }),
    sqs: once(async () => {
      const { SQS } = await installed(import("@aws-sdk/client-sqs"));
      return new SQS(await config());
    }),
    sts,
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Many requests at once are throttled; by default clients give up after three attempts. */
const CONFIG: { readonly maxAttempts?: number } =
  process.env.AWS_MAX_ATTEMPTS === undefined ? { maxAttempts: 8 } : {};

/** Hands the signal to every request, and to the attempts that follow. */
function stoppable(client: STS, signal: AbortSignal): STS {
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  Object.assign(requestHandler, {
    handle: (...[request, options]: Parameters<typeof handle>) => {
      signal.throwIfAborted();
      return handle(request, { ...options, abortSignal: signal });
    },
  });
  return client;
}

const PACKAGES = [
  "api-gateway",
  "apigatewayv2",
  "cloudwatch-logs",
  "dynamodb",
  "eventbridge",
  "iam",
  "kinesis",
  "lambda",
  "s3",
  "scheduler",
  "sns",
  "sqs",
  "sts",
].map((name) => `@aws-sdk/client-${name}`);

async function installed<T>(module: Promise<T>): Promise<T> {
  try {
    return await module;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw deployError(
      "Deploying to AWS needs AWS's own clients, which are not all installed. " +
        `Run: npm install --save-dev ${PACKAGES.join(" ")}`,
      error,
    );
  }
}
