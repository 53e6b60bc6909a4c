import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { describe, expect, it } from "vitest";
import { PACKAGES, ship, targetOf } from "./app.ts";
import { createProject, type Project } from "./project.ts";
import { type PackageFiles, startRegistry } from "./registry.ts";

const USES = `import { defineFunction, http } from "@anyfn/core";
import { digest } from "fast-hash";
export const hash = defineFunction({ trigger: http.get("/hash"), handler: () => digest("x") });
export const plain = defineFunction({ trigger: http.get("/plain"), handler: () => "plain" });
`;
const INDEX = 'exports.digest = (text) => text + "!";';

const installed = (name: string, manifest: object, files: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries({
      "package.json": JSON.stringify({ name, version: "1.2.3", main: "index.js", ...manifest }),
      "index.js": INDEX,
      ...files,
    }).map(([path, text]) => [`node_modules/${name}/${path}`, text]),
  );
const open = (files: Readonly<Record<string, string>>, aws = "{}") =>
  createProject(
    { "anyfn.config.ts": `export default { targets: { aws: ${aws} } };`, "src/functions.ts": USES, ...files },
    PACKAGES,
  );
const file = (project: Project, path: string) => readFileSync(join(project.dir, "dist", path), "utf8");

describe("a native package", () => {
  it.each([
    ["it has a binding.gyp", {}, { "binding.gyp": "{}" }],
    ['its package.json has "gypfile"', { gypfile: true }, {}],
    ["it depends on bindings", { dependencies: { bindings: "1.5.0" } }, {}],
    ["it depends on node-gyp-build", { dependencies: { "node-gyp-build": "4.8.0" } }, {}],
    [
      "it is compiled when it is installed",
      { scripts: { install: "prebuild-install || node-gyp rebuild" } },
      {},
    ],
    [
      "it has a package for each platform, such as @fast/hash-linux-x64",
      { optionalDependencies: { "@fast/hash-linux-x64": "1.2.3" } },
      {},
    ],
    ["it has build/Release/hash.node", {}, { "build/Release/hash.node": "" }],
    ["it has a folder prebuilds", {}, { "prebuilds/linux-x64/node.napi.node": "" }],
  ])("is refused where it is imported: %s", async (reason, manifest, files) => {
    using project = open(installed("fast-hash", manifest, files));
    await expect(build({ cwd: project.dir })).rejects.toThrow(
      `src/functions.ts  It imports the native package "fast-hash" 1.2.3 (${reason}), which cannot be bundled. ` +
        'Set `native: "install"`',
    );
  });

  it("is found by what is installed for its platforms", async () => {
    using project = open({
      ...installed("fast-hash", { optionalDependencies: { "hash-binary": "1.2.3" } }),
      ...installed("hash-binary", { os: ["linux"], cpu: ["x64"] }),
    });
    await expect(build({ cwd: project.dir })).rejects.toThrow("such as hash-binary");
  });

  it("is refused behind a package of JavaScript, which is named", async () => {
    using project = open({
      ...installed(
        "fast-hash",
        { dependencies: { inner: "1.2.3" } },
        { "index.js": 'module.exports = require("inner");' },
      ),
      ...installed("inner", { gypfile: true }),
    });
    await expect(build({ cwd: project.dir })).rejects.toThrow(
      'node_modules/fast-hash/index.js  It imports the native package "inner" 1.2.3 ',
    );
  });

  it("is left out where a package says that it works without", async () => {
    using project = open({
      ...installed(
        "fast-hash",
        { peerDependenciesMeta: { inner: { optional: true } } },
        { "index.js": `try { require("inner") } catch {}\n${INDEX}` },
      ),
      ...installed("inner", { gypfile: true }),
    });
    const { warnings } = await build({ cwd: project.dir });
    expect(warnings).toEqual([
      'The native package "inner", without which fast-hash works, is left out of the artifacts.',
    ]);
  });

  it("that is a file of the project is refused", async () => {
    using project = open({
      "src/functions.ts": USES.replace('"fast-hash"', '"./hash.node"'),
      "src/hash.node": "",
    });
    await expect(build({ cwd: project.dir })).rejects.toThrow(
      'src/functions.ts  It imports the native add-on "./hash.node"',
    );
  });
});

/** The start of an ELF file for a machine: https://man7.org/linux/man-pages/man5/elf.5.html */
const elf = (machine: number) =>
  Buffer.concat([
    Buffer.from("\u007fELF\u0002\u0001\u0001", "latin1"),
    Buffer.alloc(11),
    Buffer.from([machine, 0]),
  ]);

const MAIN = {
  name: "fast-hash",
  version: "1.2.3",
  main: "index.js",
  dependencies: { "hash-names": "^1.0.0" },
  optionalDependencies: { "@fast/hash-linux-arm64": "1.2.3", "@fast/hash-linux-x64": "1.2.3" },
};
const binary = (cpu: "arm64" | "x64", machine: number): PackageFiles => ({
  "package.json": JSON.stringify({
    name: `@fast/hash-linux-${cpu}`,
    version: "1.2.3",
    os: ["linux"],
    cpu: [cpu],
  }),
  "hash.node": elf(machine),
});
const names = (version: string): PackageFiles => ({
  "package.json": JSON.stringify({ name: "hash-names", version, main: "index.js" }),
  "index.js": `exports.version = "${version}";`,
});
const INSTALLED = {
  ...installed("fast-hash", MAIN),
  ...installed("hash-names", { version: "1.0.1" }),
};

describe('a native package with `native: "install"`', () => {
  it.each([
    ["arm64", '{ native: "install" }', 0xb7],
    ["x64", '{ native: "install", architecture: "x86_64" }', 0x3e],
  ] as const)(
    "is installed for %s beside the bundle, at the versions of the project",
    async (cpu, settings, machine) => {
      await using registry = await startRegistry([
        { "package.json": JSON.stringify(MAIN), "index.js": INDEX },
        binary("arm64", 0xb7),
        binary("x64", 0x3e),
        names("1.0.1"),
      ]);
      using project = open(
        { ...INSTALLED, ".npmrc": `registry=${registry.url}\ncache=\${TMPDIR}/none\n` },
        settings,
      );
      const result = await build({ cwd: project.dir });
      const [hash, plain] = targetOf(result, "aws").manifest.artifacts;
      expect([hash?.packages, plain?.packages]).toEqual([{ "fast-hash": "1.2.3" }, {}]);
      expect(hash?.files.map(({ name }) => name).filter((name) => name.startsWith("node_modules/"))).toEqual([
        `node_modules/@fast/hash-linux-${cpu}/hash.node`,
        `node_modules/@fast/hash-linux-${cpu}/package.json`,
        "node_modules/fast-hash/index.js",
        "node_modules/fast-hash/package.json",
        "node_modules/hash-names/index.js",
        "node_modules/hash-names/package.json",
      ]);
      using shipped = ship(result);
      const bytes = readFileSync(
        join(shipped.dir, `aws/hash/node_modules/@fast/hash-linux-${cpu}/hash.node`),
      );
      expect(bytes).toEqual(elf(machine));
      expect(file(project, "aws/hash/index.mjs")).toMatch(/from ?"fast-hash"/);
      expect(file(project, "aws/plain/index.mjs")).not.toContain("fast-hash");
    },
  );

  it("is refused when it was compiled for another machine", async () => {
    await using registry = await startRegistry([
      {
        "package.json": JSON.stringify({ ...MAIN, dependencies: {}, optionalDependencies: {} }),
        "hash.node": elf(0x3e),
      },
    ]);
    using project = open({ ...INSTALLED, ".npmrc": `registry=${registry.url}\n` }, '{ native: "install" }');
    await expect(build({ cwd: project.dir })).rejects.toThrow(
      'The package "fast-hash" was installed, but not for linux arm64: ',
    );
  });

  it("is told with npm's own words when it cannot be installed", async () => {
    await using registry = await startRegistry([]);
    using project = open({ ...INSTALLED, ".npmrc": `registry=${registry.url}\n` }, '{ native: "install" }');
    await expect(build({ cwd: project.dir })).rejects.toThrow(
      /^npm could not install fast-hash for linux arm64:\nnpm error code E404\n/,
    );
  });

  it("is named in package.json for Google's build", async () => {
    using project = open({
      ...INSTALLED,
      "anyfn.config.ts": 'export default { targets: { gcp: { native: "install" } } };',
    });
    await build({ cwd: project.dir });
    expect(JSON.parse(file(project, "gcp/hash/package.json")).dependencies).toMatchObject({
      "fast-hash": "1.2.3",
    });
    expect(JSON.parse(file(project, "gcp/plain/package.json")).dependencies).not.toHaveProperty("fast-hash");
  });
});
