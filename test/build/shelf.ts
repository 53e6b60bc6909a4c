import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createProject, FAKE_ADAPTER, type Project } from "./project.ts";

/** A project for `@anyfn/shelf`, a provider that is a JSON file. */
export interface ShelfProject extends Project {
  /** What the shelf's deployer reads from the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What is deployed, by kind and name: versions of functions, or true. */
  readonly shelf: () => Readonly<Record<string, unknown>>;
  /** What was done, in order: `begin role shop-dev-a`, `end role shop-dev-a`. */
  readonly journal: () => readonly string[];
}

/** Source of a file of functions, `name: "what it answers"`. */
export function sourceOf(functions: Readonly<Record<string, string>>): string {
  const lines = Object.entries(functions).map(
    ([name, answer]) =>
      `export const ${name} = defineFunction({ trigger: http.get("/${name}"), handler: () => "${answer}" });`,
  );
  return ['import { defineFunction, direct, http, queue } from "@anyfn/core";', ...lines, ""].join("\n");
}

/** Writes a project whose functions can be deployed to a shelf. */
export function createShelfProject(source: string): ShelfProject {
  const project = createProject({
    ...FAKE_ADAPTER,
    ...SHELF_ADAPTER,
    "anyfn.config.ts": 'export default { name: "shop", targets: { shelf: {}, fake: {} } };',
    "src/functions.ts": source,
  });
  const file = join(project.dir, "shelf.json");
  const read = (path: string, otherwise: string) =>
    existsSync(path) ? readFileSync(path, "utf8") : otherwise;
  return {
    ...project,
    env: { SHELF: file, NO_COLOR: "1" },
    shelf: () => JSON.parse(read(file, "{}")),
    journal: () => read(`${file}.journal`, "").split("\n").slice(0, -1),
  };
}

/** The build side is the fake adapter's; what is new is the deployer, written as anyone outside would. */
const SHELF_ADAPTER: Readonly<Record<string, string>> = {
  "node_modules/@anyfn/shelf/package.json": JSON.stringify({
    name: "@anyfn/shelf",
    type: "module",
    exports: { "./build": "./build.js" },
  }),
  "node_modules/@anyfn/shelf/build.js": `
    import { adapter as fake } from "../fake/build.js";
    const { http } = fake.capabilities;
    export const adapter = {
      ...fake,
      name: "shelf",
      title: "Shelf",
      capabilities: { ...fake.capabilities, direct: http, queue: http },
      deployer: async () => (await import("./deployer.js")).deployer,
    };
  `,
  "node_modules/@anyfn/shelf/deployer.js": `
    import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

    const read = ({ SHELF }) => (existsSync(SHELF) ? JSON.parse(readFileSync(SHELF, "utf8")) : {});
    const nameOf = ({ app, stage }, name) => \`\${app}-\${stage}-\${name}\`;

    /** A change of one resource; \`to\` gives what stands on the shelf after it, nothing for undefined. */
    function change(input, action, kind, name, to, rest = {}) {
      const { environment, signal } = input;
      const key = \`\${kind} \${name}\`;
      const note = (what) => appendFileSync(\`\${environment.SHELF}.journal\`, \`\${what} \${key}\\n\`);
      const run = async (tell) => {
        note(\`begin (after \${process.stdout.bytesWritten} bytes)\`);
        if (environment.SHELF_HOLD === key) {
          tell("waiting for the shelf");
          while (!existsSync(\`\${environment.SHELF}.go\`)) {
            signal.throwIfAborted();
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }
        await new Promise(setImmediate);
        if (environment.SHELF_FAIL?.split(",").includes(key)) {
          note("fail");
          const cause = new Error("sent with the key " + environment.SHELF_SECRET_KEY);
          const error = new Error("The shelf is full; you signed with " + environment.SHELF_SECRET_KEY, { cause });
          throw Object.assign(error, { name: "ShelfFullException", request: { token: environment.SHELF_SECRET_KEY } });
        }
        const { [key]: _, ...others } = read(environment);
        const value = to(read(environment)[key]);
        writeFileSync(environment.SHELF, JSON.stringify(value === undefined ? others : { ...others, [key]: value }));
        note("end");
      };
      return { action, kind, name, details: [], ...rest, ...(action !== "keep" && { run }) };
    }

    function meant(input) {
      return input.functions.map(({ name }) => name).filter((name) => input.only?.includes(name) ?? true);
    }

    function changesOf(input, name) {
      const there = read(input.environment);
      const full = nameOf(input, name);
      const { zip } = input.manifest.artifacts.find(({ functions }) => functions.includes(name));
      const serving = there[\`alias \${full}\`]?.now;
      const state = (key) => (there[key] === undefined ? "create" : "keep");
      const action = serving === undefined ? "create" : serving === zip.sha256 ? "keep" : "update";
      const details = action === "update" ? ["code: other than before", "size: " + zip.bytes] : [];
      return [
        change(input, state(\`role \${full}\`), "role", full, () => true),
        change(input, action, "function", full, () => zip.sha256, { details }),
        change(input, action, "alias", full, (was) => ({ now: zip.sha256, before: was?.now }), { switches: name }),
      ];
    }

    /** What the shelf has of the stage and the source has not. */
    function gone(input, isMeant) {
      const prefix = nameOf(input, "");
      return Object.keys(read(input.environment)).flatMap((key) => {
        const [kind, name] = key.split(" ");
        if (!name.startsWith(prefix) || isMeant(name.slice(prefix.length))) return [];
        return [change(input, "delete", kind, name, () => undefined)];
      });
    }

    export const deployer = {
      async plan(input) {
        if (input.environment.SHELF_HANGS) {
          process.stderr.write("asking the shelf\\n");
          await new Promise(() => setInterval(() => {}, 1000));
        }
        if (input.environment.SHELF_DOWN) throw new TypeError("fetch failed", { cause: new Error(input.environment.SHELF_DOWN) });
        const perFunction = meant(input).map((name) => changesOf(input, name));
        const all = input.functions.map(({ name }) => name);
        return {
          place: \`shelf \${input.parameters.Board ?? "1"}\`,
          waves: [
            ...[0, 1, 2].map((index) => perFunction.map((changes) => changes[index])),
            input.only === undefined ? gone(input, (name) => all.includes(name)) : [],
          ],
          addresses: async () => {
            if (input.environment.SHELF_MUTE) throw new Error("no reply");
            return meant(input).map((name) => ({ function: name, url: \`shelf://\${nameOf(input, name)}\` }));
          },
        };
      },
      async planRollback(input) {
        const there = read(input.environment);
        const changes = meant(input).flatMap((name) => {
          const full = nameOf(input, name);
          if (there[\`alias \${full}\`]?.before === undefined) return [];
          return [change(input, "update", "alias", full, ({ now, before }) => ({ now: before, before: now }), { switches: name })];
        });
        return { place: "shelf 1", waves: [changes], addresses: async () => [] };
      },
      async planRemoval(input) {
        return { place: "shelf 1", waves: [gone(input, () => false)], addresses: async () => [] };
      },
      async invoke(input, call) {
        if (input.environment.SHELF_DOWN) throw new Error(input.environment.SHELF_DOWN);
        const status = call.path.includes("missing") ? 404 : 200;
        return {
          ok: status < 400,
          ...(call.path !== "/" && { status, headers: { "content-type": "text/plain" } }),
          output: JSON.stringify({ ...call, stage: input.stage }),
        };
      },
      async *logs(input, { since, follow, function: name }) {
        if (input.environment.SHELF_EMPTY) return;
        yield { time: since, text: \`\${name} since\\n\` };
        if (!follow) return;
        while (!input.signal.aborted) {
          yield { time: 0, text: "following" };
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    };
  `,
};
