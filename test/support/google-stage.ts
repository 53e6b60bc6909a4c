import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  apply,
  type Deployer,
  type DeployInput,
  type DiscoveredFunction,
  type Manifest,
  type Plan,
} from "@anyfn/build";
import { defineFunction, type Trigger } from "@anyfn/core";
import { adapter } from "@anyfn/gcp/build";
import { createDeployer } from "../../adapters/gcp/src/deploy/index.ts";
import { type GoogleService, startGoogle } from "./google-service.ts";
import { PROJECT, REGION } from "./google-service-state.ts";

/** An application that is deployed to a stand-in of Google Cloud. */
export interface GoogleStage extends AsyncDisposable {
  readonly google: GoogleService;
  readonly deployer: Deployer;
  /** Changes what the next plan starts from. */
  readonly set: (change: Partial<GoogleApp>) => void;
  /** Settings with the project and the region. */
  readonly settings: (own: object) => object;
  readonly input: () => Promise<DeployInput>;
  readonly plan: () => Promise<Plan>;
  /** Plans and carries out. */
  readonly deploy: () => Promise<Plan>;
  readonly carryOut: (plan: Promise<Plan>) => Promise<Plan>;
  /** Milliseconds of each wait. */
  readonly waits: number[];
  /** What was told while waiting. */
  readonly told: string[];
}

/** What is deployed. */
export interface GoogleApp {
  readonly triggers: Readonly<Record<string, Trigger>>;
  readonly settings: object;
  /** Code of functions by name; by default the name. */
  readonly code: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly only: readonly string[] | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly memory: number;
}

/** Starts the stand-in, and an application `shop` with a function for each trigger. */
export async function createStage(
  triggers: GoogleApp["triggers"],
  settings: object = {},
): Promise<GoogleStage> {
  const google = await startGoogle();
  const directory = mkdtempSync(join(tmpdir(), "anyfn-built-"));
  let app: GoogleApp = {
    triggers,
    settings: settingsOf(settings),
    code: {},
    stage: "dev",
    only: undefined,
    parameters: {},
    environment: { GOOGLE_APPLICATION_CREDENTIALS: google.credentials },
    memory: 512,
  };
  const waits: number[] = [];
  const told: string[] = [];
  let clock = Date.UTC(2026, 10, 21);
  const deployer = createDeployer({
    endpoint: google.endpoint,
    wait: async (milliseconds) => void waits.push(milliseconds),
    now: () => {
      clock += 60_000;
      return clock;
    },
  });
  const input = (): Promise<DeployInput> => build(directory, app);
  const carryOut = async (planned: Promise<Plan>): Promise<Plan> => {
    const plan = await planned;
    await apply(plan, new AbortController().signal, (progress) => {
      if (progress.kind === "waiting") told.push(progress.doing);
    });
    return plan;
  };
  const plan = async () => deployer.plan(await input());
  return {
    google,
    deployer,
    waits,
    told,
    set: (change) => {
      app = { ...app, ...change };
    },
    settings: settingsOf,
    input,
    plan,
    deploy: () => carryOut(plan()),
    carryOut,
    [Symbol.asyncDispose]: async () => {
      await google[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

function settingsOf(own: object): object {
  return { project: PROJECT, region: REGION, ...own };
}

async function build(directory: string, app: GoogleApp): Promise<DeployInput> {
  const { triggers, code, memory, stage, only, parameters, environment } = app;
  const functions = Object.entries(triggers).map(([name, trigger]): DiscoveredFunction => {
    const definition = defineFunction({ trigger, memory, handler: () => {} } as never);
    return { name, exportName: name, file: `/app/${name}.ts`, line: 1, column: 1, definition };
  });
  const validated = await adapter.settings["~standard"].validate(app.settings);
  if (validated.issues !== undefined) throw new Error(JSON.stringify(validated.issues));
  const target = { app: "shop", functions, settings: validated.value };
  const artifacts = adapter.plan(target);
  const built = artifacts.map((artifact): Manifest["artifacts"][number] => {
    const [name = ""] = artifact.functions;
    const data = Buffer.from(code[name] ?? name);
    mkdirSync(join(directory, artifact.directory), { recursive: true });
    writeFileSync(join(directory, artifact.directory, String(artifact.zip)), data);
    const zip = {
      name: String(artifact.zip),
      bytes: data.length,
      sha256: createHash("sha256").update(data).digest("hex"),
    };
    const { directory: folder, functions: names } = artifact;
    return {
      directory: folder,
      functions: names,
      bundle: "index.cjs",
      files: [],
      zip,
      modules: [],
      assets: [],
      packages: {},
    };
  });
  const manifest: Manifest = {
    app: "shop",
    target: "gcp",
    functions: [],
    artifacts: built,
    infrastructure: [],
  };
  const { signal } = new AbortController();
  return {
    ...target,
    artifacts,
    iac: "native",
    stage,
    only,
    parameters,
    environment,
    signal,
    directory,
    manifest,
  };
}
