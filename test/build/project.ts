import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ManifestArtifact } from "@anyfn/build";

const repository = join(import.meta.dirname, "../..");

/** A user's project in a temporary folder, which goes when the test ends. */
export interface Project extends Disposable {
  /** Real path. */
  readonly dir: string;
}

/**
 * Writes a project.
 *
 * @param files - Texts by path; a package.json is added.
 * @param packages - Names of the packages that are installed; linked from the repository, as npm links a workspace.
 */
export function createProject(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = ["@anyfn/core", "anyfn", "zod"],
): Project {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "anyfn-build-")));
  const manifest = JSON.stringify({ name: "@acme/shop", type: "module" });
  for (const [path, text] of Object.entries({ "package.json": manifest, ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  for (const name of packages) {
    mkdirSync(dirname(join(dir, "node_modules", name)), { recursive: true });
    symlinkSync(realpathSync(join(repository, "node_modules", name)), join(dir, "node_modules", name));
  }
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The names of the modules that are in an artifact's bundle. */
export function moduleNames(artifact: Pick<ManifestArtifact, "modules"> | undefined): readonly string[] {
  return artifact?.modules.map(({ name }) => name) ?? [];
}

/** An installed adapter that takes HTTP functions only, and puts each into an artifact as it is. */
export const FAKE_ADAPTER: Readonly<Record<string, string>> = {
  "node_modules/@anyfn/fake/package.json": JSON.stringify({
    name: "@anyfn/fake",
    type: "module",
    exports: { "./build": "./build.js", "./http": "./http.js" },
  }),
  "node_modules/@anyfn/fake/http.js": "export const wrap = (definition) => definition;",
  "node_modules/@anyfn/fake/build.js": `
    const unsupported = { unsupported: "Use a target with queues." };
    const capabilities = Object.fromEntries(
      ["queue", "topic", "schedule", "storage", "changes", "stream", "bus", "direct"].map((kind) => [kind, unsupported]),
    );
    const http = {
      sources: ["HTTP"],
      batch: 1,
      partialFailure: false,
      ordering: "none",
      deadLetter: "none",
      delay: false,
      maxSeconds: 60,
      maxBytes: Number.POSITIVE_INFINITY,
      retryDefault: "none",
      deadline: "none",
    };
    const validate = (value) => {
      const wrong = Object.keys(value).filter((key) => key !== "region");
      if (wrong.length === 0) return { value };
      return { issues: wrong.map((key) => ({ path: [key], message: "There is no such setting." })) };
    };
    export const adapter = {
      name: "fake",
      title: "Fake",
      capabilities: { ...capabilities, http },
      settings: { "~standard": { version: 1, vendor: "fake", validate } },
      refuse: ({ functions }) =>
        functions
          .filter(({ definition }) => definition.timeout > 60)
          .map(({ name }) => ({ function: name, reason: "It runs for 60 seconds at most. Lower the timeout." })),
      plan: ({ functions, settings }) =>
        functions.map(({ name, file, exportName }) => ({
          directory: name,
          functions: [name],
          entry:
            \`import { wrap } from "@anyfn/fake/http";\` +
            \`import { \${exportName} as definition } from \${JSON.stringify(file)};\` +
            \`export const handler = wrap(definition);\`,
          bundle: { file: "index.mjs", format: "esm", external: ["outside"] },
          files: { "settings.json": JSON.stringify(settings) },
          zip: \`\${name}.zip\`,
        })),
      infrastructure: ({ app, artifacts, iac }) => {
        const zips = artifacts.map(({ directory, zip }) => \`\${directory}/\${zip}\`);
        return { [iac === "terraform" ? "main.tf.json" : "stack.json"]: JSON.stringify({ app, zips }) };
      },
    };
  `,
};
