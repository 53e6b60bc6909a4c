import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildResult, BuiltTarget } from "@anyfn/build";
import { unzipSync } from "fflate";

/** What a project for every target has installed. */
export const PACKAGES: readonly string[] = [
  "@anyfn/core",
  "@anyfn/aws",
  "@anyfn/azure",
  "@anyfn/gcp",
  "@anyfn/node",
  "@azure/functions",
  "@google-cloud/functions-framework",
  "anyfn",
];

/** Artifacts as a provider has them: what the zips hold, in a folder far from the project, which goes when the test ends. */
export interface Shipped extends Disposable {
  /** Real path; each target has a folder below it. */
  readonly dir: string;
}

/** Unzips every artifact. */
export function ship(result: BuildResult): Shipped {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "anyfn-shipped-")));
  for (const { target, directory, manifest } of result.targets) {
    for (const artifact of manifest.artifacts) {
      const zip = readFileSync(join(directory, artifact.directory, artifact.zip?.name ?? ""));
      for (const [path, data] of Object.entries(unzipSync(zip))) {
        const file = join(dir, target, artifact.directory, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, data);
      }
    }
  }
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** What was built for one target. */
export function targetOf({ targets }: BuildResult, name: string): BuiltTarget {
  const found = targets.find(({ target }) => target === name);
  if (found === undefined) throw new Error(`Nothing was built for ${name}.`);
  return found;
}
