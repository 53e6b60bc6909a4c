import { copyFileSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig, type Options } from "tsup";

/** One process builds the JavaScript of every package; `tsc -b` writes the declarations beside it. */
export default defineConfig(
  globSync(["packages/*/package.json", "adapters/*/package.json"])
    .sort()
    .map((manifest) => toOptions(dirname(manifest)))
    .filter((options) => Object.keys(options.entry).length > 0),
);

function toOptions(folder: string): Options & { entry: Record<string, string> } {
  const isCore = folder === join("packages", "core");
  return {
    name: folder,
    entry: findEntries(folder),
    outDir: join(folder, "dist"),
    format: "esm",
    platform: isCore ? "neutral" : "node",
    target: isCore ? "es2023" : "node22",
    tsconfig: join(folder, "tsconfig.json"),
    // tsup takes dependencies from the workspace's manifest, where each of these is one for development.
    external: [/^@anyfn\//, ...dependenciesOf(folder)],
    dts: false,
    // `tsc -b` trusts its build info and would not write a declaration again that was deleted here.
    clean: ["!**/*.d.ts"],
    sourcemap: true,
    // Entry points of one package share their code: two copies of a class would break `instanceof`.
    splitting: true,
    treeshake: false,
    silent: true,
    onSuccess: async () => copyLicenses(folder),
  };
}

/** What a package has for development is bundled into it where it is used, and takes its licence along. */
function copyLicenses(folder: string): void {
  const { devDependencies = {} } = readManifest(folder);
  for (const name of Object.keys(devDependencies))
    copyFileSync(join("node_modules", name, "LICENSE"), join(folder, "dist", `${name}.LICENSE`));
}

/** The packages that a package.json names as dependencies, with their subpaths. */
function dependenciesOf(folder: string): RegExp[] {
  const { dependencies = {}, peerDependencies = {} } = readManifest(folder);
  return Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(?:/|$)`));
}

/** The entry points that a package.json promises in `exports` and `bin`; an export's declaration names its source. */
function findEntries(folder: string): Record<string, string> {
  const manifest = readManifest(folder);
  const targets = Object.values(manifest.exports);
  const entries = targets.map((target) => [nameOf(target.default), target.types.replace(/\.d\.ts$/, ".ts")]);
  if (manifest.bin !== undefined) entries.push(["main", "./dist/main.ts"]);
  return Object.fromEntries(
    entries.map(([name, file = ""]) => [name, join(folder, file.replace("/dist/", "/src/"))]),
  );
}

interface PackageManifest {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly bin?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function nameOf(target: string): string {
  return target.replace(/^\.\/dist\/(.+)\.js$/, "$1");
}
