import { join } from "node:path";
import { build } from "@anyfn/build";
import type { TriggerKind } from "@anyfn/core";
import { createProject, type Project } from "../project.ts";

/** The targets whose artifacts are guarded. */
export const TARGETS = ["aws", "azure", "gcp", "node"] as const;

/** A target's name on the command line. */
export type Target = (typeof TARGETS)[number];

/** A hello world for each trigger: the declaration and the handler. */
const HELLO: Readonly<Record<TriggerKind, readonly [trigger: string, handler: string]>> = {
  http: ['http.get("/hello/{name}")', "({ params }) => ({ hello: params.name })"],
  queue: ['queue("work")', "({ id }, { log }) => log.info(id)"],
  topic: ['topic("news")', "({ id }, { log }) => log.info(id)"],
  schedule: ['schedule("0 2 * * *")', "({ scheduledAt }, { log }) => log.info(String(scheduledAt))"],
  storage: ['storage("images")', "({ key }, { log }) => log.info(key)"],
  changes: ['changes("customers")', "({ action }, { log }) => log.info(action)"],
  stream: ['stream("clicks")', "({ id }, { log }) => log.info(id)"],
  bus: ['bus("shop")', "({ type }, { log }) => log.info(type)"],
  direct: ["direct()", "({ input }) => input"],
};

/** Every kind of trigger. */
export const KINDS = Object.keys(HELLO) as TriggerKind[];

/** The bundle of one application for one target. */
export interface Specimen {
  readonly target: Target;
  /** The trigger of the application's only function, which is called `hello`. */
  readonly kind: TriggerKind;
  /** Absolute path of the bundled file. */
  readonly bundle: string;
}

/** Bundles by target and kind of trigger, until they are disposed of. */
export interface Specimens extends Disposable {
  readonly all: readonly Specimen[];
  find(target: Target, kind: TriggerKind): Specimen;
}

/** Builds a hello world for each trigger, each of them for every target. */
export async function buildSpecimens(): Promise<Specimens> {
  const projects: Project[] = [];
  const all: Specimen[] = [];
  for (const kind of KINDS) {
    const [trigger, handler] = HELLO[kind];
    const source =
      `import { defineFunction, ${kind} } from "@anyfn/core";\n` +
      `export const hello = defineFunction({ trigger: ${trigger}, handler: ${handler} });\n`;
    const project = installProject({ "src/functions.ts": source });
    projects.push(project);
    all.push(...(await buildAll(project)).map((artifact) => ({ ...artifact, kind })));
  }
  return {
    all,
    find: (target, kind) => {
      const found = all.find((specimen) => specimen.target === target && specimen.kind === kind);
      if (found === undefined) throw new Error(`There is no artifact of ${target}/${kind}.`);
      return found;
    },
    [Symbol.dispose]: () => {
      for (const project of projects) project[Symbol.dispose]();
    },
  };
}

/** A project in which every target's packages are installed. */
export function installProject(files: Readonly<Record<string, string>>): Project {
  const adapters = TARGETS.map((target) => `@anyfn/${target}`);
  const runtimes = ["@azure/functions", "@google-cloud/functions-framework"];
  return createProject(files, ["@anyfn/core", "anyfn", "zod", ...adapters, ...runtimes]);
}

/** Builds a project for every target. */
export async function buildAll({ dir }: Project): Promise<
  readonly (Omit<Specimen, "kind"> & {
    /** Names of the functions in the bundle. */
    readonly functions: readonly string[];
  })[]
> {
  const { targets } = await build({ cwd: dir, targets: [...TARGETS] });
  return targets.flatMap(({ target, directory, manifest }) =>
    manifest.artifacts.map(({ directory: folder, bundle, functions }) => ({
      target: target as Target,
      bundle: join(directory, folder, bundle),
      functions,
    })),
  );
}
