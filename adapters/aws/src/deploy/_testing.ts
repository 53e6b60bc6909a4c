import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apply, changesOf, type Deployer, type DeployInput, type Plan } from "@anyfn/build";
import type { AnyFunction } from "@anyfn/core";
import {
  type AwsServer,
  CREDENTIALS,
  REGION,
  type ServiceStub,
  startAwsServer,
} from "../../../../test/support/aws-service.ts";
import { createIamStub, type IamStub } from "../../../../test/support/aws-service-iam.ts";
import { createLambdaStub, type LambdaStub } from "../../../../test/support/aws-service-lambda.ts";
import { createLogsStub, type LogsStub } from "../../../../test/support/aws-service-logs.ts";
import { inputOf } from "../build/_testing.ts";
import type { AwsSettings } from "../build/settings.ts";
import { createDeployer } from "./index.ts";

/** A stand-in of AWS, and a deployer that does not wait. */
export interface World extends AsyncDisposable {
  readonly server: AwsServer;
  readonly lambda: LambdaStub;
  readonly iam: IamStub;
  readonly logs: LogsStub;
  readonly deployer: Deployer;
  /** Milliseconds that were asked for. */
  readonly waits: number[];
  /** Built artifacts, whose code is the given text. */
  readonly input: (functions: Functions, more?: More) => DeployInput;
  /** Plans and carries out; gives what was written. */
  readonly deploy: (functions: Functions, more?: More) => Promise<readonly string[]>;
  /** Carries out a plan; gives what was written. */
  readonly run: (plan: Plan) => Promise<readonly string[]>;
}

/** Functions by name, each with the text that is its code. */
export type Functions = Readonly<Record<string, readonly [definition: AnyFunction, code: string]>>;

/** What tests change of a deployment. */
export interface More extends Partial<Pick<DeployInput, "app" | "stage" | "only" | "parameters" | "signal">> {
  readonly settings?: AwsSettings;
}

/** Starts a stand-in, and lets the clients find it as they find AWS. */
export async function startWorld(services: readonly ServiceStub[] = []): Promise<World> {
  const [lambda, iam, logs] = [createLambdaStub(), createIamStub(), createLogsStub()];
  const server = await startAwsServer([lambda, iam, logs, ...services]);
  const folder = mkdtempSync(join(tmpdir(), "anyfn-aws-"));
  Object.assign(process.env, { ...CREDENTIALS, AWS_ENDPOINT_URL: server.url, AWS_REGION: REGION });
  const waits: number[] = [];
  const deployer = createDeployer(async (milliseconds, signal) => {
    signal.throwIfAborted();
    waits.push(milliseconds);
  });
  const input = (functions: Functions, more: More = {}) => inputFor(folder, functions, more);
  const run = async (plan: Plan) => {
    const { length } = server.writes();
    await apply(plan, new AbortController().signal, () => undefined);
    return server.writes().slice(length);
  };
  return {
    server,
    lambda,
    iam,
    logs,
    deployer,
    waits,
    input,
    run,
    deploy: async (functions, more) => run(await deployer.plan(input(functions, more))),
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await server[Symbol.asyncDispose]();
    },
  };
}

/** `create queue shop-dev-orders`, without what is kept. */
export function linesOf(plan: Plan): readonly string[] {
  return changesOf(plan).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}

function inputFor(folder: string, functions: Functions, { settings = {}, ...more }: More): DeployInput {
  const definitions = Object.entries(functions).map(([name, [definition]]) => [name, definition] as const);
  const input = inputOf(Object.fromEntries(definitions), settings);
  const artifacts = Object.entries(functions).map(([name, [, code]]) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, `${name}.zip`), code);
    const sha256 = createHash("sha256").update(code).digest("hex");
    const zip = { name: `${name}.zip`, bytes: Buffer.byteLength(code), sha256 };
    const nothing = { files: [], modules: [], assets: [], packages: {} };
    return { directory: name, functions: [name], bundle: "index.mjs", zip, ...nothing };
  });
  return {
    ...input,
    stage: "dev",
    only: undefined,
    parameters: {},
    environment: {},
    signal: new AbortController().signal,
    directory: folder,
    manifest: { app: input.app, target: "aws", functions: [], artifacts, infrastructure: [] },
    ...more,
  };
}
