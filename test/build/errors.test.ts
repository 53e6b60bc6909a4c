import { build } from "@anyfn/build";
import { expect, it } from "vitest";
import { createProject, FAKE_ADAPTER } from "./project.ts";

const CORE = 'import { defineFunction, http, queue } from "@anyfn/core";';
const HELLO = `${CORE}
export const hello = defineFunction({ trigger: http.get("/hello"), handler: () => "hi" });
`;
const LOADED =
  "Functions are found by loading their files, so what stands outside of handlers runs during the build.";

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly targets?: readonly string[] | undefined;
  readonly config?: string;
  readonly message: string;
}

const cases: Readonly<Record<string, Case>> = {
  "a syntax error": {
    files: { "src/functions.ts": "export const a = {\n  b: (\n};\n" },
    message: `src/functions.ts:3:1  The file has a syntax error: Unexpected token.
   ╭─[ src/functions.ts:3:1 ]
   │
 3 │ };
   │ ┬
   │ ╰──
───╯`,
  },
  "an import of something that is not exported": {
    files: {
      "src/functions.ts": `import { prices } from "./prices.ts";\n${HELLO}\nexport const all = prices;`,
      "src/prices.ts": "export const price = 1;",
    },
    message: `src/functions.ts:1:10  "prices" is not exported by "src/prices.ts". Export it there, or correct the name.
   ╭─[ src/functions.ts:1:10 ]
   │
 1 │ import { prices } from "./prices.ts";
   │          ───┬──
   │             ╰──── Missing export
───╯`,
  },
  "an import of a file that is not there": {
    files: {
      "src/functions.ts": `import { prices } from "./prices.ts";\n${HELLO}\nexport const all = prices;`,
    },
    message: `src/functions.ts:1:24  There is no file "./prices.ts". Create it, or correct the path.
   ╭─[ src/functions.ts:1:24 ]
   │
 1 │ import { prices } from "./prices.ts";
   │                        ──────┬──────
   │                              ╰──────── Module not found.
───╯`,
  },
  "an import of a package that is not installed": {
    files: {
      "src/functions.ts": `${HELLO}import { pad } from "@acme/pad/left";\nexport const padded = pad("x");`,
    },
    message: `src/functions.ts:3:21  The package "@acme/pad/left" cannot be found. Install it: npm install @acme/pad
   ╭─[ src/functions.ts:3:21 ]
   │
 3 │ import { pad } from "@acme/pad/left";
   │                     ────────┬───────
   │                             ╰───────── Module not found.
───╯`,
  },
  "a function that is not exported": {
    files: { "src/functions.ts": HELLO.replace("export const", "const") },
    message:
      "src/functions.ts exports no function. Export one: export const hello = defineFunction({ trigger, handler });",
  },
  "a function file that is not there": {
    files: {},
    message:
      "There is no file src/functions.ts. Create it, or name the files that export your functions in " +
      '`functions` of anyfn.config.ts: ["src/functions.ts"].',
  },
  "a glob that matches nothing": {
    files: { "anyfn.config.ts": 'export default { functions: ["lib/*.ts"] };' },
    message: 'No file matches "lib/*.ts". Create one, or correct `functions` in anyfn.config.ts.',
  },
  "two functions of one name": {
    files: {
      "anyfn.config.ts": 'export default { functions: ["src/*.ts"] };',
      "src/a.ts": HELLO,
      "src/b.ts": `// one line further down\n${HELLO}`,
    },
    message:
      '2 functions are called "hello": src/a.ts:2:14 and src/b.ts:3:14. Rename an export, or give it another `name`.',
  },
  "an export that gives no name": {
    files: { "src/functions.ts": HELLO.replace("const hello", "const $") },
    message:
      'src/functions.ts:2:14  The export "$" gives no name for a function. Names are lower-case letters, ' +
      "digits and dashes, start with a letter and have at most 60. Rename it, or set `name`.",
  },
  "an unknown target": {
    files: { "src/functions.ts": HELLO },
    targets: ["awz"],
    message:
      'There is no target "awz". Did you mean "aws"? Known: "aws", "azure", "gcp", "node". Installed: "fake".\n' +
      "Correct the name, or install the target's package: npm install --save-dev @anyfn/<target>",
  },
  "a package of ours that is no target": {
    files: { "src/functions.ts": HELLO },
    targets: ["core"],
    message:
      'There is no target "core". Did you mean "node"? Known: "aws", "azure", "gcp", "node". Installed: "fake".\n' +
      "Correct the name, or install the target's package: npm install --save-dev @anyfn/<target>",
  },
  "a known target that is not installed": {
    files: { "src/functions.ts": HELLO },
    targets: ["aws"],
    message:
      'The target "aws" is not installed. Install it: npm install --save-dev @anyfn/aws\nInstalled: "fake".',
  },
  "triggers that a target cannot serve": {
    files: {
      "src/functions.ts": `${HELLO}
export const work = defineFunction({ trigger: queue("orders"), handler: () => {} });
export const slow = defineFunction({ trigger: http.get("/slow"), timeout: 90, handler: () => "" });
`,
    },
    message: `2 functions cannot be built:
src/functions.ts:4:14  work on fake: it has no queue trigger. Use a target with queues.
src/functions.ts:5:14  slow on fake: It runs for 60 seconds at most. Lower the timeout.`,
  },
  "a schema that throws while it is made": {
    files: {
      "src/functions.ts": `import { Order } from "./model.ts";\n${HELLO}export const schema = Order;`,
      "src/model.ts": `import { z } from "zod";

const quantity = z.number().positive().nope();
export const Order = z.object({ quantity });
`,
    },
    message: `src/model.ts:3:40  The file cannot be loaded: TypeError: z.number(...).positive(...).nope is not a function\n${LOADED}`,
  },
  "a throw while a file loads": {
    files: { "src/functions.ts": `${HELLO}throw new RangeError("no database");` },
    message: `src/functions.ts:3:7  The file cannot be loaded: RangeError: no database\n${LOADED}`,
  },
  "a throw of something that is no error": {
    files: { "src/functions.ts": `${HELLO}throw "no database";` },
    message: `src/functions.ts  The file cannot be loaded: no database\n${LOADED}`,
  },
  "a throw without a place in one of many files": {
    files: {
      ...Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`src/${name}.ts`, HELLO])),
      "src/e.ts": `${HELLO}throw "no database";`,
      "anyfn.config.ts": 'export default { functions: ["src/*.ts"] };',
    },
    message: `src/a.ts, src/b.ts, src/c.ts or 2 more  The file cannot be loaded: no database\n${LOADED}`,
  },
  "a path template that no platform serves": {
    files: { "src/functions.ts": HELLO.replace("/hello", "/files/{name}.png") },
    message:
      'src/functions.ts:2:53  "/files/{name}.png" is not a path template: "{name}.png" is neither a literal nor ' +
      "a parameter. A parameter is a whole segment: {id} or {path+}.",
  },
  "options that a configuration does not have": {
    files: {
      "src/functions.ts": HELLO,
      "anyfn.config.ts":
        'export default { functions: "src/functions.ts", minfy: true, targets: { fake: 1 } };',
    },
    message: `anyfn.config.ts is not a valid configuration:
  functions: Invalid input: expected array, received string
  targets.fake: Invalid input: expected record, received number
  There is no option "minfy". There are: name, functions, outDir, minify, assets, smoke, targets.`,
  },
  "settings that a target does not have": {
    files: {
      "src/functions.ts": HELLO,
      "anyfn.config.ts": 'export default { targets: { fake: { regoin: "eu" } } };',
    },
    targets: undefined,
    message:
      `anyfn.config.ts is not a valid configuration:\n  targets.fake.regoin: There is no such setting.\n` +
      "The README of @anyfn/fake lists the settings.",
  },
  "a configuration without a default export": {
    files: { "src/functions.ts": HELLO, "anyfn.config.ts": "export const config = {};" },
    message: "anyfn.config.ts has no default export. Write: export default defineConfig({ ... });",
  },
  "a configuration that is no object": {
    files: { "src/functions.ts": HELLO, "anyfn.config.ts": "export default () => ({});" },
    message:
      "anyfn.config.ts is not a valid configuration:\n" +
      "  The default export must be an object: export default defineConfig({ ... });",
  },
  "settings for something that is no target": {
    files: { "src/functions.ts": HELLO, "anyfn.config.ts": "export default { targets: { fale: {} } };" },
    message:
      'anyfn.config.ts has settings for "fale", which is no target. Targets: "aws", "azure", "gcp", "node", "fake".',
  },
  "a package.json that is no JSON": {
    files: { "src/functions.ts": HELLO, "package.json": "" },
    message: "package.json cannot be read: Unexpected end of JSON input. Correct it.",
  },
  "a folder in place of a function file": {
    files: { "src/functions.ts": HELLO, "anyfn.config.ts": 'export default { functions: ["src/"] };' },
    message: 'src/ is a folder. Name files in `functions`, or a glob: ["src/**/*.ts"].',
  },
  "a path as Windows writes it": {
    files: { "src/functions.ts": HELLO, "anyfn.config.ts": 'export default { functions: ["src\\\\a.ts"] };' },
    message:
      "There is no file src\\a.ts. Create it, or name the files that export your functions in " +
      '`functions` of anyfn.config.ts: ["src/functions.ts"]. Write "/" between folders.',
  },
  "an import of a file that is no source": {
    files: {
      "src/functions.ts": `import page from "./page.vue";\n${HELLO}export const a = page;`,
      "src/page.vue": "<p>",
    },
    message: "src/page.vue:1:1  The file cannot be bundled: JavaScript, TypeScript, JSON and text can.",
  },
  "an import of something that a package does not export": {
    files: {
      "src/functions.ts": `import { z } from "@acme/pad";\n${HELLO}export const a = z;`,
      "node_modules/@acme/pad/package.json":
        '{ "name": "@acme/pad", "type": "module", "exports": "./index.js" }',
      "node_modules/@acme/pad/index.js": "export const y = 1;",
    },
    message: `src/functions.ts:1:10  "z" is not exported by "@acme/pad". Correct the name, or install another version.
   ╭─[ src/functions.ts:1:10 ]
   │
 1 │ import { z } from "@acme/pad";
   │          ┬
   │          ╰── Missing export
───╯`,
  },
  "syntax that Node does not know": {
    files: {
      "src/functions.ts": `const mark = (x: unknown) => x;\n@mark class A {}\n${HELLO}export const a = A;`,
    },
    message: `src/functions.ts  The file cannot be loaded: SyntaxError: Invalid or unexpected token
Node.js does not know its syntax. If that is a decorator, set \`experimentalDecorators\` in tsconfig.json.`,
  },
  "a configuration that is not there": {
    files: { "src/functions.ts": HELLO },
    config: "other.config.ts",
    message: "There is no configuration file other.config.ts. Create it, or name another with --config.",
  },
};

it.each(Object.entries(cases))("says where and what to do about %s", async (_title, given) => {
  const { files, targets = ["fake"], config, message } = given;
  using project = createProject({ ...FAKE_ADAPTER, ...files });
  const building = build({ cwd: project.dir, targets, config });
  await expect(building).rejects.toMatchObject({ name: "AnyfnError", code: "build", message });
});

it("says that a project's folder is not there", async () => {
  using project = createProject({});
  const cwd = `${project.dir}/nowhere`;
  await expect(build({ cwd })).rejects.toMatchObject({
    code: "build",
    message: `There is no folder ${cwd}. Name the project's folder.`,
  });
});

it("says that no target is installed", async () => {
  using project = createProject({ "src/functions.ts": HELLO });
  await expect(build({ cwd: project.dir })).rejects.toMatchObject({
    code: "build",
    message:
      'No target is installed. Install one of "aws", "azure", "gcp", "node": npm install --save-dev @anyfn/aws',
  });
});
