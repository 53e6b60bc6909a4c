import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapter } from "@anyfn/azure/build";
import {
  apply,
  changesOf,
  type Deployer,
  type DeployInput,
  type DiscoveredFunction,
  type Plan,
} from "@anyfn/build";
import type { Trigger } from "@anyfn/core";
import { defineFunction } from "@anyfn/core";
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { createDeployer } from "../../adapters/azure/src/deploy/index.ts";
import { type AzureService, startAzure, startIdentity } from "./azure-service.ts";

/** What is deployed. */
export interface App {
  readonly functions: Readonly<Record<string, Trigger>>;
  readonly section?: object;
  /** Told by the code when it answers. */
  readonly version?: string;
  /** Names that the code registers; those of the functions by default. */
  readonly registers?: readonly string[];
  /** Whether the code throws while it loads. */
  readonly broken?: boolean;
}

/** A stage of an application on a service. */
export interface Stage extends Disposable {
  readonly deployer: Deployer;
  input(app: App, rest?: Partial<DeployInput>): Promise<DeployInput>;
  plan(app: App, rest?: Partial<DeployInput>): Promise<Plan>;
  /** Plans and carries it out; gives what it did. */
  deploy(app: App, rest?: Partial<DeployInput>): Promise<readonly string[]>;
}

/** A service and a stage of its own for each test, with the genuine credential of an identity that the host gives. */
export function useAzure(): { readonly service: AzureService; readonly stage: Stage } {
  const current: { service?: AzureService; stage?: Stage } = {};
  // The credentials look for it once in a process.
  let identity: Awaited<ReturnType<typeof startIdentity>>;
  beforeAll(async () => {
    identity = await startIdentity();
  });
  afterAll(() => identity[Symbol.asyncDispose]());
  beforeEach(async () => {
    const service = await startAzure();
    Object.assign(current, { service, stage: openStage(service) });
    for (const [name, value] of Object.entries(identity.environment)) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    current.stage?.[Symbol.dispose]();
    await current.service?.[Symbol.asyncDispose]();
  });
  return current as { readonly service: AzureService; readonly stage: Stage };
}

/** Deploys to a service without ever waiting. */
function openStage(service: AzureService): Stage {
  const directory = mkdtempSync(join(tmpdir(), "anyfn-azure-"));
  const deployer = createDeployer({ wait: async () => {}, retryDelay: 1 });
  const input = async (app: App, rest: Partial<DeployInput> = {}): Promise<DeployInput> => {
    const functions = Object.entries(app.functions).map(([name, trigger]) => found(name, trigger));
    const zip = zipOf(app, functions);
    writeFileSync(join(directory, "app.zip"), zip);
    const endpoints = {
      resourceManager: service.url,
      logs: service.url.replace("127.0.0.1", "localhost"),
    };
    const target = { app: "shop", functions, settings: await parse({ ...app.section, endpoints }) };
    return {
      ...target,
      artifacts: adapter.plan(target),
      iac: "native",
      stage: "dev",
      only: undefined,
      parameters: {},
      environment: service.environment,
      signal: new AbortController().signal,
      directory,
      manifest: {
        app: "shop",
        target: "azure",
        functions: [],
        artifacts: [
          {
            directory: ".",
            functions: functions.map(({ name }) => name),
            bundle: "index.cjs",
            files: [],
            zip: { name: "app.zip", bytes: zip.length, sha256: sha256(zip) },
            modules: [],
            assets: [],
            packages: {},
          },
        ],
        infrastructure: [],
      },
      ...rest,
    };
  };
  const plan = async (app: App, rest?: Partial<DeployInput>) => deployer.plan(await input(app, rest));
  return {
    deployer,
    input,
    plan,
    deploy: async (app, rest) => {
      const planned = await plan(app, rest);
      await carryOut(planned);
      return linesOf(planned);
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}

/** Carries a plan out as the command line does. */
export async function carryOut(plan: Plan): Promise<void> {
  await apply(plan, new AbortController().signal, () => {});
}

/** What a plan changes: `create queue st/orders`. */
export function linesOf(plan: Plan): readonly string[] {
  return changesOf(plan).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}

/** Hash of a zip, as manifests have it. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function found(name: string, trigger: Trigger): DiscoveredFunction {
  const definition = defineFunction({ trigger, handler: () => {} } as never);
  return { name, exportName: name, file: `/app/${name}.ts`, line: 1, column: 1, definition };
}

function zipOf(
  { version = "one", registers, broken = false }: App,
  functions: readonly DiscoveredFunction[],
) {
  const names = registers ?? functions.map(({ name }) => name);
  const calls = names.map((name) => `register("${name}");`).join("\n");
  const source = `// version ${version}\n${calls}\n${broken ? "throw new Error('top level');" : ""}`;
  const options = { mtime: "2000-01-01T00:00:00Z" };
  return zipSync({ "package.json": [strToU8("{}"), options], "index.cjs": [strToU8(source), options] });
}

async function parse(section: object): Promise<unknown> {
  const result = await adapter.settings["~standard"].validate(section);
  if (result.issues === undefined) return result.value;
  throw new Error(result.issues.map(({ path = [], message }) => `${path.join(".")}: ${message}`).join("\n"));
}
