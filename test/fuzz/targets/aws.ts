import { type LambdaContext, toLambda } from "@anyfn/aws";
import { readFixtures } from "../../corpus/fixtures.ts";
import { checkAnswer } from "../answer.ts";
import { type FunctionName, kindOf, makeFunctions } from "../functions.ts";
import { AWS_SEEDS } from "../seeds/aws.ts";
import { groupSeeds, ownSeeds } from "../seeds/own.ts";
import { openTree } from "../tree.ts";
import { checkError, type Seed, type Target } from "../trial.ts";
import { createWitness, type Witness } from "../witness.ts";
import { checkBatch } from "./_aws-batches.ts";

/** The functions that the corpus's payloads go to, by their folder. */
const SERVED: Readonly<Record<string, readonly FunctionName[]>> = {
  alb: ["http"],
  "alb-multivalue": ["http"],
  "apigw-http-v1-format": ["http"],
  "apigw-http-v2": ["http"],
  "apigw-rest-v1": ["http"],
  "function-url": ["http"],
  documentdb: ["changes"],
  "dynamodb-stream": ["changes"],
  eventbridge: ["bus", "schedule", "storage"],
  "eventbridge-scheduler": ["bus", "schedule"],
  kafka: ["stream", "streams"],
  kinesis: ["stream", "streams"],
  s3: ["storage"],
  sns: ["topic", "storage"],
  sqs: ["queue", "batch", "topic", "storage"],
  "step-functions": ["direct"],
  // What belongs to no trigger must be refused.
  "apigw-authorizer": ["http", "schedule"],
  "apigw-websocket": ["http", "schedule"],
  "cloudwatch-logs": ["schedule", "stream", "streams"],
  "lambda-edge": ["http", "queue"],
};

const CONTEXT: LambdaContext = {
  functionName: "fuzz",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:fuzz",
  memoryLimitInMB: "512",
  awsRequestId: "6f1c0b57-0000-4000-8000-000000000001",
  logGroupName: "/aws/lambda/fuzz",
  logStreamName: "fuzz",
  getRemainingTimeInMillis: () => 900_000,
};

/** AWS Lambda, by the handlers of `toLambda`. */
export function awsTarget(): Target {
  const witness = createWitness();
  const functions = makeFunctions(witness);
  const handlers = Object.fromEntries(
    Object.entries(functions).map(([name, definition]) => [name, toLambda(definition)]),
  );
  return {
    name: "aws",
    witness,
    seeds: groupSeeds([...ownSeeds(AWS_SEEDS), ...corpusSeeds()]),
    deliver: async ({ fn }, payload) => {
      let answer: unknown;
      try {
        answer = await handlers[fn]?.(payload, CONTEXT);
      } catch (error) {
        return checkError(error);
      }
      const kind = kindOf(fn);
      if (kind === "http") return checkHttp(answer, payload, witness);
      return kind === "direct" ? [] : checkBatch(kind, payload, answer, witness);
    },
  };
}

function corpusSeeds(): Seed[] {
  return (readFixtures("aws") ?? []).flatMap(({ name, trigger, load }) => {
    const tree = openTree(load());
    return (SERVED[trigger] ?? []).map((fn) => ({ name, fn, tree }));
  });
}

/** An answer in the form that the front which sent the request reads. */
function checkHttp(answer: unknown, payload: unknown, witness: Witness): string[] {
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded, statusDescription } =
    answer as Readonly<Record<string, unknown>>;
  const { requestContext, multiValueHeaders: lists, version } = payload as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  const isAlb = version !== "2.0" && (requestContext as { elb?: unknown }).elb !== undefined;
  if (typeof isBase64Encoded !== "boolean") problems.push("isBase64Encoded is no boolean");
  if (typeof body !== "string") problems.push("the body is no text");
  if (isAlb && typeof statusDescription !== "string") problems.push("statusDescription is missing");
  if (isAlb && lists && headers !== undefined) problems.push("headers stand beside multiValueHeaders");
  if (cookies !== undefined && version !== "2.0") problems.push("only format 2.0 has cookies");
  const single = Object.entries((headers ?? {}) as Record<string, unknown>);
  const multi = Object.entries((multiValueHeaders ?? {}) as Record<string, unknown[]>).flatMap(
    ([name, values]) => values.map((value) => [name, value] as const),
  );
  const all = [...single, ...multi];
  const isCookie = ([name]: readonly [string, unknown]): boolean => name.toLowerCase() === "set-cookie";
  const text = isBase64Encoded ? Buffer.from(String(body), "base64").toString() : String(body);
  const set = [...((cookies ?? []) as unknown[]), ...all.filter(isCookie).map(([, value]) => value)];
  const rest = all.filter((header) => !isCookie(header));
  return [
    ...problems,
    ...checkAnswer({ status: statusCode, headers: rest, cookies: set, body: text }, witness),
  ];
}
