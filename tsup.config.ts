import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";

/** One process builds the JavaScript of every package; `tsc -b` writes the declarations beside it. */
export default defineConfig(
  globSync(["packages/*", "adapters/*"])
    .sort()
    .map(toOptions)
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
    external: [/^@anyfn\//],
    dts: false,
    // `tsc -b` trusts its build info and would not write a declaration again that was deleted here.
    clean: ["!**/*.d.ts"],
    sourcemap: true,
    // Entry points of one package share their code: two copies of a class would break `instanceof`.
    splitting: true,
    treeshake: false,
    silent: true,
  };
}

/** The entry points a package.json promises in `exports` and `bin`, as far as their sources exist. */
function findEntries(folder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const targets = [
    ...Object.values<{ default: string }>(manifest.exports).map((target) => target.default),
    ...Object.values<string>(manifest.bin ?? {}),
  ];
  const entries: Record<string, string> = {};
  for (const target of targets) {
    const name = target.replace(/^\.\/dist\/(.+)\.js$/, "$1");
    const source = [`${name}.ts`, `${name}/index.ts`, `triggers/${name}.ts`]
      .map((file) => join(folder, "src", file))
      .find((file) => existsSync(file));
    if (source !== undefined) entries[name] = source;
  }
  return entries;
}
