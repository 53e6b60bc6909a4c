import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildResult, build } from "@anyfn/build";
import { defineFunction, http } from "@anyfn/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTarget, TARGETS } from "../runtimes/targets.ts";
import { PACKAGES, type Shipped, ship, targetOf } from "./app.ts";
import { createProject, FAKE_ADAPTER, type Project } from "./project.ts";

/** A module that exports `answer`, which gives 42: https://webassembly.github.io/spec/core/binary */
const WASM = Buffer.from(
  "0061736d010000000105016000017f030201000" + "70a0106616e7377657200000a06010400412a0b",
  "hex",
);

const FILES = {
  "anyfn.config.ts": `export default { assets: ["src/templates/**", "data/*.csv"], targets: { gcp: {}, aws: {}, azure: {}, node: {} } };`,
  "src/functions.ts": `import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineFunction, http } from "@anyfn/core";
import { schema } from "legacy";
import { answer } from "./math/answer.ts";

const here = dirname(fileURLToPath(import.meta.url));
const text = (path: string | URL) => readFile(path, "utf8");

export const files = defineFunction({
  trigger: http.get("/files/{name}"),
  handler: async ({ params }) => ({
    wasm: await answer(),
    url: await text(new URL("./texts/größe 1.txt", import.meta.url)),
    dirname: await text(join(import.meta.dirname, "..", "texts", "joined.txt")),
    here: await text(join(here, "texts/here.txt")),
    template: await text(\`\${import.meta.dirname}/texts/template.txt\`),
    declared: await text(join(here, "templates", params.name)),
    fromRoot: await text("data/prices.csv"),
    legacy: schema(),
  }),
});

export const plain = defineFunction({ trigger: http.get("/plain"), handler: () => "nothing" });
`,
  "src/math/answer.ts": `import { readFile } from "node:fs/promises";
const wasm = new URL("./answer.wasm", import.meta.url);
export const answer = async (): Promise<number> => {
  const { instance } = await WebAssembly.instantiate(await readFile(wasm));
  return instance.exports.answer();
};
`,
  "src/texts/größe 1.txt": "size",
  "texts/joined.txt": "joined",
  "src/texts/here.txt": "here",
  "src/texts/template.txt": "template",
  "src/templates/deep/mail.html": "<p>mail</p>",
  "src/templates/mail.html": "<p>hello</p>",
  "src/templates/.env": "SECRET=1",
  "data/prices.csv": "1,2",
  "node_modules/legacy/package.json": '{ "name": "legacy", "version": "1.0.0", "main": "lib/index.js" }',
  "node_modules/legacy/lib/index.js": `const { readFileSync } = require("fs");
const path = require("path");
exports.schema = () => readFileSync(path.join(__dirname, "../schemas/order.proto"), "utf8").length;`,
  "node_modules/legacy/schemas/order.proto": 'syntax = "proto3";\nimport "common.proto";\n',
  "node_modules/legacy/schemas/common.proto": 'syntax = "proto3";\n',
};

const write = (project: Project) => {
  writeFileSync(join(project.dir, "src/math/answer.wasm"), WASM);
  return project;
};

let project: Project;
let result: BuildResult;
let shipped: Shipped;
beforeAll(async () => {
  project = write(createProject(FILES, PACKAGES));
  result = await build({ cwd: project.dir });
  shipped = ship(result);
});
afterAll(() => {
  shipped[Symbol.dispose]();
  project[Symbol.dispose]();
});

const functions = [
  { name: "files", definition: defineFunction({ trigger: http.get("/files/{name}"), handler: () => "" }) },
];

describe("what functions read beside themselves", () => {
  it.each(TARGETS)("is where they look for it on %s", async (target) => {
    await using running = await startTarget(target, {
      directory: join(shipped.dir, target),
      functions,
      env: {},
    });
    // Lambda, Azure Functions, Cloud Run and the container start in the folder of the artifact.
    const answer = await running.request({ method: "GET", url: "/files/mail.html" });
    expect([answer.status, JSON.parse(Buffer.from(answer.body).toString())]).toEqual([
      200,
      {
        wasm: 42,
        url: "size",
        dirname: "joined",
        here: "here",
        template: "template",
        declared: "<p>hello</p>",
        fromRoot: "1,2",
        legacy: 'syntax = "proto3";\nimport "common.proto";\n'.length,
      },
    ]);
  });

  it("is in the manifest with the modules, all with their hashes", () => {
    const [artifact] = targetOf(result, "aws").manifest.artifacts;
    const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
    expect(artifact?.assets).toEqual([
      { name: "_modules/legacy/schemas/common.proto", sha256: sha256('syntax = "proto3";\n') },
      {
        name: "_modules/legacy/schemas/order.proto",
        sha256: sha256('syntax = "proto3";\nimport "common.proto";\n'),
      },
      { name: "data/prices.csv", sha256: sha256("1,2") },
      { name: "src/math/answer.wasm", sha256: sha256(WASM) },
      { name: "src/templates/deep/mail.html", sha256: sha256("<p>mail</p>") },
      { name: "src/templates/mail.html", sha256: sha256("<p>hello</p>") },
      { name: "src/texts/größe 1.txt", sha256: sha256("size") },
      { name: "src/texts/here.txt", sha256: sha256("here") },
      { name: "src/texts/template.txt", sha256: sha256("template") },
      { name: "texts/joined.txt", sha256: sha256("joined") },
    ]);
    const files = new Map(artifact?.files.map(({ name, sha256: hash }) => [name, hash]));
    expect(artifact?.assets.filter(({ name, sha256: hash }) => files.get(name) !== hash)).toEqual([]);
    expect(artifact?.modules).toContainEqual({
      name: "src/functions.ts",
      sha256: sha256(FILES["src/functions.ts"]),
    });
  });

  it("stays out of the artifacts of other functions of the file", () => {
    const plain = targetOf(result, "aws").manifest.artifacts.find(({ directory }) => directory === "plain");
    expect(plain?.assets.map(({ name }) => name)).toEqual([
      "data/prices.csv",
      "src/templates/deep/mail.html",
      "src/templates/mail.html",
    ]);
  });

  it("makes the same zips in another folder, with other rights and at other times", async () => {
    const before = process.umask(0o077);
    try {
      using other = write(createProject(FILES, PACKAGES));
      for (const path of Object.keys(FILES)) {
        utimesSync(join(other.dir, path), 1, 1);
        chmodSync(join(other.dir, path), 0o600);
      }
      const again = await build({ cwd: other.dir });
      expect(again.targets.map(({ manifest }) => manifest)).toEqual(
        result.targets.map(({ manifest }) => manifest),
      );
    } finally {
      process.umask(before);
    }
  });
});

const FUNCTION = `import { defineFunction, http } from "@anyfn/core";
export const hello = defineFunction({ trigger: http.get("/hello"), handler: () => "hi" });
`;

describe("assets", () => {
  const start = (assets: readonly string[], files: Readonly<Record<string, string>> = {}) =>
    createProject({
      ...FAKE_ADAPTER,
      "anyfn.config.ts": `export default { assets: ${JSON.stringify(assets)}, targets: { fake: {} } };`,
      "src/functions.ts": FUNCTION,
      "assets/a.txt": "a",
      ...files,
    });

  it("are read through links, and are no links themselves", async () => {
    using project = start(["assets/**"], { "real/b.txt": "b" });
    symlinkSync("../real/b.txt", join(project.dir, "assets/b.txt"));
    const [built] = (await build({ cwd: project.dir })).targets;
    expect(built?.manifest.artifacts[0]?.assets).toEqual([
      { name: "assets/a.txt", sha256: createHash("sha256").update("a").digest("hex") },
      { name: "assets/b.txt", sha256: createHash("sha256").update("b").digest("hex") },
    ]);
  });

  it.each([
    ["/etc/passwd", "The file", "assets/link leads to a file outside of the project"],
    ["nowhere", "Nothing", "The asset assets/link is a link to nothing. "],
    ["../real", "A folder", "The asset assets/link is a link to a folder, which is not followed. "],
  ])("are not read through a link to %s", async (to, _what, message) => {
    using project = start(["assets/**"], { "real/b.txt": "b" });
    symlinkSync(to, join(project.dir, "assets/link"));
    await expect(build({ cwd: project.dir })).rejects.toThrow(message);
  });

  it.each([
    ["missing/**", 'No file matches "missing/**". '],
    ["missing.txt", "The asset missing.txt is not there. "],
    ["assets", 'The asset assets is a folder. Name its files in `assets`: ["assets/**"].'],
    ["../outside.txt", "The asset ../outside.txt is outside of the project. "],
    ["settings.json", "The asset settings.json has the name of a file that the artifact hello has itself. "],
  ])("are refused as %s", async (pattern, message) => {
    using project = start([pattern], { "settings.json": "{}" });
    await expect(build({ cwd: project.dir })).rejects.toThrow(message);
  });

  it("leave out packages, the artifacts and secrets", async () => {
    using project = start(["**/*.txt", "**/.env*"], {
      "node_modules/a/a.txt": "",
      "dist/old.txt": "",
      ".env.example": "",
      "b/.env": "",
    });
    await expect(build({ cwd: project.dir })).rejects.toThrow('No file matches "**/.env*".');
    writeFileSync(
      join(project.dir, "anyfn.config.ts"),
      'export default { assets: ["**/*.txt", ".env.example"], targets: { fake: {} } };',
    );
    const [built] = (await build({ cwd: project.dir })).targets;
    expect(built?.manifest.artifacts[0]?.assets.map(({ name }) => name)).toEqual([
      ".env.example",
      "assets/a.txt",
    ]);
  });

  it("that a module reads from outside of the project are refused, with its place", async () => {
    using project = start([], {
      "app/src/functions.ts": `${FUNCTION}export const secret = () => new URL("../../real/b.txt", import.meta.url);\n`,
      "app/package.json": '{ "name": "app" }',
      "real/b.txt": "b",
    });
    mkdirSync(join(project.dir, "app/node_modules"));
    symlinkSync(join(project.dir, "node_modules/@anyfn"), join(project.dir, "app/node_modules/@anyfn"));
    await expect(build({ cwd: join(project.dir, "app"), targets: ["fake"] })).rejects.toThrow(
      "src/functions.ts:3:29  ../real/b.txt is outside of the project, and cannot go into an artifact. ",
    );
  });

  it("that are not there are a warning, with the place", async () => {
    using project = start([], {
      "src/functions.ts": `import { join } from "node:path";\n${FUNCTION}export const path = join(import.meta.dirname, "gone.txt");\n`,
    });
    const { warnings } = await build({ cwd: project.dir });
    expect(warnings).toEqual([
      expect.stringMatching(/^src\/functions\.ts:4:21 {2}src\/gone\.txt is no file, /),
    ]);
  });

  it("that are read while the file is loaded are read during the build, too", async () => {
    using project = start([], {
      "src/functions.ts": `import { readFileSync } from "node:fs";\nconst path = readFileSync(new URL("./path.txt", import.meta.url), "utf8");\n${FUNCTION.replace('"/hello"', "path")}`,
      "src/path.txt": "/from-file",
    });
    const [built] = (await build({ cwd: project.dir })).targets;
    expect(built?.manifest.artifacts[0]?.assets.map(({ name }) => name)).toEqual(["src/path.txt"]);
  });
});
