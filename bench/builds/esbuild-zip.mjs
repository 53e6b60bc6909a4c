// The floor of a build: esbuild bundles every function of `src` for itself, and each bundle is zipped with fixed times.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { zipSync } from "fflate";

const { outputFiles } = await build({
  entryPoints: readdirSync("src").map((name) => `src/${name}`),
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  sourcemap: true,
  platform: "node",
  target: "node22",
  format: "esm",
  write: false,
  absWorkingDir: process.cwd(),
});
mkdirSync("dist", { recursive: true });
const mtime = new Date("1980-01-01T00:00:00");
for (const { path, contents } of outputFiles) {
  writeFileSync(path, contents);
  if (path.endsWith(".mjs")) {
    writeFileSync(path.replace(/mjs$/, "zip"), zipSync({ "index.mjs": [contents, { mtime }] }));
  }
}
