import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Manifest, type Progress } from "@anyfn/build";
import { gzipSync, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { runNode } from "./node.ts";
import { createProject, FAKE_ADAPTER, moduleNames, type Project } from "./project.ts";

const FUNCTIONS = `import { defineFunction, http } from "@anyfn/core";
import { z } from "zod";
import { record } from "./record.ts";
// Größer als ein Byte: 🙂
const Order = z.object({ sku: z.string().min(1), quantity: z.int().positive() });

export const placeOrder = defineFunction({
  trigger: http.post("/orders", { body: Order }),
  handler: ({ body }) => ({ marker: "PLACE", sku: body.sku }),
});

export const ping = defineFunction({
  trigger: http.get("/ping"),
  handler: () => {
    record("ping");
    throw new Error("MARKER-PING");
  },
});
`;

const PROJECT = {
  ...FAKE_ADAPTER,
  "src/functions.ts": FUNCTIONS,
  "src/record.ts":
    "/* émojis 🙂 move columns */ export const record = (text: string): void => console.log(text);\n",
};

const fake = (project: Project, options: BuildOptions = {}) =>
  build({ cwd: project.dir, targets: ["fake"], ...options });
const read = (project: Project, path: string) => readFileSync(join(project.dir, "dist/fake", path), "utf8");
const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data).digest("hex");

describe("build", () => {
  it("writes bundle, source map, the adapter's files, a zip of them, and a manifest that tells the truth", async () => {
    using project = createProject({
      ...PROJECT,
      "anyfn.config.ts": 'export default { targets: { fake: { region: "eu" } } };',
    });
    await build({ cwd: project.dir });
    const manifest: Manifest = JSON.parse(read(project, "manifest.json"));
    expect(manifest.app).toBe("shop");
    expect(manifest.target).toBe("fake");
    expect(manifest.functions).toEqual([
      { name: "place-order", trigger: "http", file: "src/functions.ts", line: 7, column: 14 },
      { name: "ping", trigger: "http", file: "src/functions.ts", line: 12, column: 14 },
    ]);
    const ping = manifest.artifacts.find(({ directory }) => directory === "ping");
    expect(ping?.files.map(({ name }) => name)).toEqual(["index.mjs", "index.mjs.map", "settings.json"]);
    for (const { name, ...facts } of ping?.files ?? []) {
      const data = Buffer.from(read(project, `ping/${name}`));
      expect(facts).toEqual({ bytes: data.length, gzipBytes: gzipSync(data).length, sha256: sha256(data) });
    }
    const zip = readFileSync(join(project.dir, "dist/fake/ping/ping.zip"));
    expect(ping?.zip).toEqual({ name: "ping.zip", bytes: zip.length, sha256: sha256(zip) });
    const zipped = Object.entries(unzipSync(zip)).map(([name, data]) => [name, Buffer.from(data).toString()]);
    expect(zipped).toEqual(ping?.files.map(({ name }) => [name, read(project, `ping/${name}`)]));
    expect(read(project, "ping/settings.json")).toBe('{"region":"eu"}');
  });

  it("leaves out what a function does not use: other functions of its file, their schemas and packages", async () => {
    using project = createProject(PROJECT);
    const { targets } = await fake(project);
    const modules = (name: string) =>
      moduleNames(targets[0]?.manifest.artifacts.find(({ directory }) => directory === name));
    expect(read(project, "ping/index.mjs")).toContain("MARKER-PING");
    expect(read(project, "ping/index.mjs")).not.toContain("PLACE");
    expect(modules("ping").filter((name) => name.includes("zod"))).toEqual([]);
    expect(modules("ping")).toEqual(expect.arrayContaining(["src/functions.ts", "src/record.ts"]));
    expect(read(project, "place-order/index.mjs")).not.toContain("MARKER-PING");
    expect(modules("place-order")).not.toContain("src/record.ts");
    expect(modules("place-order")).toEqual(
      expect.arrayContaining(["node_modules/@anyfn/core/dist/index.js", "node_modules/@anyfn/fake/http.js"]),
    );
    expect(modules("place-order").filter((name) => name.startsWith("node_modules/zod/"))).not.toEqual([]);
  });

  it("keeps what runs when a file loads, also where it is called like one of ours", async () => {
    using project = createProject({
      ...PROJECT,
      "src/functions.ts": `import "./setup.ts";\n${FUNCTIONS}`,
      "src/setup.ts":
        'const queue = (name: string) => Reflect.set(globalThis, name, 1);\nexport const setup = queue("MARKER-SETUP");\n',
    });
    await fake(project);
    expect(read(project, "ping/index.mjs")).toContain("MARKER-SETUP");
  });

  it.each([true, false])("maps a throw to the user's line, minified: %s", async (minify) => {
    using project = createProject({
      ...PROJECT,
      "anyfn.config.mjs": `export default { minify: ${minify} };`,
    });
    await fake(project);
    const bundle = join(project.dir, "dist/fake/ping/index.mjs");
    const call = `const { handler } = await import(${JSON.stringify(bundle)}); handler.handler();`;
    const { stderr, stdout } = await runNode(["--enable-source-maps", "--input-type=module", "--eval", call]);
    expect(stdout).toBe("ping\n");
    expect(stderr).toContain("Error: MARKER-PING");
    // A minifier may drop `new`; the error is then made four columns further on.
    expect(stderr).toMatch(/dist\/fake\/ping\/src\/functions\.ts:16:(?:11|15)\)?$/m);
    const { sources, sourcesContent } = JSON.parse(read(project, "ping/index.mjs.map"));
    expect(sources).toContain("src/functions.ts");
    expect(sourcesContent).toBeUndefined();
  });

  it("keeps the names of classes, by which errors are told apart", async () => {
    const functions = FUNCTIONS.replace("new Error", "new PaymentError");
    using project = createProject({
      ...PROJECT,
      "src/functions.ts": `class PaymentError extends Error {}\n${functions}`,
    });
    await fake(project);
    const bundle = join(project.dir, "dist/fake/ping/index.mjs");
    const call = `const { handler } = await import(${JSON.stringify(bundle)});
      try { handler.handler() } catch (error) { console.log(error.constructor.name) }`;
    const { stdout } = await runNode(["--input-type=module", "--eval", call]);
    expect(stdout).toBe("ping\nPaymentError\n");
  });

  it("finds functions behind re-exports and default exports, each once and where it is declared", async () => {
    const one = (path: string) => `defineFunction({ trigger: http.get("${path}"), handler: () => "" })`;
    const core = 'import { defineFunction, http } from "@anyfn/core";\n';
    using project = createProject({
      ...FAKE_ADAPTER,
      "anyfn.config.ts": 'export default { functions: ["src/index.ts", "src/jobs/*.ts"] };',
      "src/index.ts": 'export * from "./orders.ts";\nexport { renamed as archive } from "./orders.ts";\n',
      "src/orders.ts": `${core}export const listOrders = ${one("/orders")};\nconst renamed = ${one("/archive")};\nexport { renamed };\n`,
      "src/jobs/send-mail.ts": `${core}\nexport default ${one("/mail")};\n`,
      "src/jobs/named.ts": `${core}export const anything = defineFunction({ name: "sweep", trigger: http.get("/s"), handler: () => "" });\n`,
      "src/jobs/named.test.ts": 'throw new Error("a test is no function file");\n',
    });
    const { targets } = await fake(project);
    expect(
      targets[0]?.manifest.functions.map(
        ({ name, file, line, column }) => `${name} ${file}:${line}:${column}`,
      ),
    ).toEqual([
      "sweep src/jobs/named.ts:2:14",
      "send-mail src/jobs/send-mail.ts:3:16",
      "list-orders src/orders.ts:2:14",
      "archive src/orders.ts:3:7",
    ]);
  });

  it("writes the same bytes in another folder and on another day", async () => {
    using here = createProject(PROJECT);
    using there = createProject({ ...PROJECT, "extra/deep/file.txt": "not an input" });
    const [first, second] = await Promise.all([fake(here), fake(there)]);
    expect(JSON.stringify(first.targets[0]?.manifest)).toBe(JSON.stringify(second.targets[0]?.manifest));
    expect(read(here, "manifest.json")).toBe(read(there, "manifest.json"));
  });

  it("removes what it wrote before and nothing else", async () => {
    using project = createProject(PROJECT);
    await fake(project);
    writeFileSync(join(project.dir, "dist/fake/mine.txt"), "");
    writeFileSync(join(project.dir, "dist/fake/ping/mine.txt"), "");
    writeFileSync(
      join(project.dir, "src/functions.ts"),
      FUNCTIONS.replace("ping =", "pong =").replace("placeOrder", "order"),
    );
    await fake(project);
    const written = ["pong/index.mjs", "pong/pong.zip", "order/index.mjs", "mine.txt", "ping/mine.txt"];
    expect(written.filter((path) => !existsSync(join(project.dir, "dist/fake", path)))).toEqual([]);
    const removed = ["ping/index.mjs", "ping/ping.zip", "ping/settings.json", "place-order"];
    expect(removed.filter((path) => existsSync(join(project.dir, "dist/fake", path)))).toEqual([]);
  });

  it("writes the adapter's infrastructure in the language asked for, lists it, and removes the other", async () => {
    using project = createProject(PROJECT);
    await fake(project);
    expect(JSON.parse(read(project, "stack.json"))).toEqual({
      app: "shop",
      zips: ["place-order/place-order.zip", "ping/ping.zip"],
    });
    const { targets } = await fake(project, { iac: "terraform" });
    const text = read(project, "main.tf.json");
    expect(targets[0]?.manifest.infrastructure).toEqual([
      { name: "main.tf.json", bytes: text.length, sha256: sha256(text) },
    ]);
    expect(existsSync(join(project.dir, "dist/fake/stack.json"))).toBe(false);
  });

  it("writes nothing when something cannot be built", async () => {
    using project = createProject(PROJECT);
    await fake(project);
    const before = read(project, "manifest.json");
    writeFileSync(join(project.dir, "src/functions.ts"), `${FUNCTIONS}throw new Error("broken");`);
    await expect(fake(project)).rejects.toThrow("broken");
    expect(read(project, "manifest.json")).toBe(before);
    expect(existsSync(join(project.dir, "dist/fake/ping/ping.zip"))).toBe(true);
  });

  it("takes a configuration and a folder by name, and says what has been done", async () => {
    using project = createProject({ ...PROJECT, "conf/other.mts": 'export default { name: "other" };' });
    const seen: Progress[] = [];
    const { app, outDir } = await fake(project, {
      config: "conf/other.mts",
      outDir: "out/here",
      onProgress: (progress) => seen.push(progress),
    });
    expect([app, outDir]).toEqual(["other", join(project.dir, "out/here")]);
    expect(existsSync(join(project.dir, "out/here/fake/ping/ping.zip"))).toBe(true);
    expect(existsSync(join(project.dir, "dist"))).toBe(false);
    expect(seen[0]).toEqual({ kind: "discovered", app: "other", functions: 2, targets: ["fake"] });
    expect(
      seen.slice(1).map((progress) => progress.kind === "bundled" && [progress.done, progress.total]),
    ).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it("follows the paths of tsconfig.json", async () => {
    using project = createProject({
      ...PROJECT,
      "tsconfig.json": '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
      "src/functions.ts": FUNCTIONS.replace('"./record.ts"', '"~/record.ts"'),
    });
    const { targets } = await fake(project);
    expect(moduleNames(targets[0]?.manifest.artifacts[1])).toContain("src/record.ts");
  });

  it("looks for functions neither in the artifacts of an earlier build nor in files that are no source", async () => {
    using project = createProject({
      ...PROJECT,
      "anyfn.config.ts": 'export default { functions: ["**/functions*", "src/**"], outDir: "src/out" };',
      "src/out/functions.mjs": 'throw new Error("an artifact");',
      "src/functions.md": "# Not a source",
      "src/[id].js": "export const nothing = 1;",
    });
    const { targets } = await fake(project);
    expect(targets[0]?.manifest.functions.map(({ file }) => file)).toEqual([
      "src/functions.ts",
      "src/functions.ts",
    ]);
  });

  it("loads functions from CommonJS, and from a file whose name looks like a glob", async () => {
    using project = createProject({
      ...PROJECT,
      "anyfn.config.ts": 'export default { functions: ["src/[id].cjs"] };',
      "src/[id].cjs": `const { defineFunction, http } = require("@anyfn/core");
exports.old = defineFunction({ trigger: http.get("/old"), handler: () => "old" });`,
    });
    const { targets } = await fake(project);
    expect(targets[0]?.manifest.functions.map(({ name }) => name)).toEqual(["old"]);
  });

  it("leaves out what the target brings", async () => {
    using project = createProject({
      ...PROJECT,
      "node_modules/outside/package.json":
        '{ "name": "outside", "type": "module", "exports": { "./part": "./index.js" } }',
      "node_modules/outside/index.js": "export const left = () => 1;",
      "src/record.ts":
        'import { left } from "outside/part";\nexport const record = (text: string) => text + left();\n',
    });
    await fake(project);
    expect(read(project, "ping/index.mjs")).toMatch(/from ?"outside\/part"/);
  });

  it("loads packages that Node cannot import by names", async () => {
    using project = createProject({
      ...PROJECT,
      "node_modules/old/package.json": '{ "name": "old", "main": "index.js" }',
      "node_modules/old/index.js": 'for (const key of ["left", "right"]) module.exports[key] = () => key;',
      "src/record.ts":
        'import { left } from "old";\nexport const record = (text: string) => text + left();\n',
    });
    const { targets } = await fake(project);
    expect(moduleNames(targets[0]?.manifest.artifacts[1])).toContain("node_modules/old/index.js");
  });

  it("warns of an import that a package makes and nothing provides", async () => {
    using project = createProject({
      ...PROJECT,
      "node_modules/old/package.json": '{ "name": "old", "type": "module", "main": "index.js" }',
      "node_modules/old/index.js": 'export const left = () => import("optional-part");',
      "src/record.ts":
        'import { left } from "old";\nexport const record = (text: string) => text + left();\n',
    });
    const { warnings } = await fake(project);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^node_modules\/old\/index\.js:1:34 {2}The package "optional-part" cannot be found\./,
      ),
    ]);
  });
});
