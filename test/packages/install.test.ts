import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const project = mkdtempSync(join(tmpdir(), "anyfn-install-"));
const PACKAGES = [
  "packages/core",
  "packages/build",
  "packages/cli",
  "adapters/aws",
  "adapters/azure",
  "adapters/gcp",
  "adapters/node",
];

/** Packs every package and installs the tarballs, as a user would from the registry. */
beforeAll(async () => {
  const tarballs = join(project, "tarballs");
  mkdirSync(tarballs);
  await run("npm", [
    "pack",
    "--silent",
    "--pack-destination",
    tarballs,
    ...PACKAGES.map((folder) => join(root, folder)),
  ]);
  const dependencies = Object.fromEntries(
    readdirSync(tarballs).map((file) => [packageOf(file), `file:tarballs/${file}`]),
  );
  const typescript = versionOf("typescript");
  const manifest = {
    name: "user",
    private: true,
    type: "module",
    dependencies,
    devDependencies: { typescript, zod: versionOf("zod") },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: project,
  });
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** `anyfn-core-0.1.0.tgz` as `@anyfn/core`, `anyfn-0.1.0.tgz` as `anyfn`. */
function packageOf(tarball: string): string {
  const name = tarball.replace(/-\d+\.\d+\.\d+\.tgz$/, "");
  return name === "anyfn" ? name : name.replace(/^anyfn-/, "@anyfn/");
}

function nameOf(folder: string): string {
  return (JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as { name: string }).name;
}

function versionOf(name: string): string {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return manifest.devDependencies[name] ?? "";
}

test.each(PACKAGES)(
  "%s is well packed, for every way of importing it",
  async (folder) => {
    const { messages } = await publint({ pkgDir: join(root, folder), strict: true });
    expect(messages).toEqual([]);
    const tarball =
      readdirSync(join(project, "tarballs")).find((file) => packageOf(file) === nameOf(folder)) ?? "";
    const attw = join(root, "node_modules/.bin/attw");
    const arguments_ = [
      attw,
      join(project, "tarballs", tarball),
      "--profile",
      "esm-only",
      "--format",
      "json",
    ];
    const { stdout } = await run(process.execPath, arguments_).catch((error: { stdout: string }) => error);
    expect(JSON.parse(stdout)).toMatchObject({ analysis: { types: { kind: "included" } }, problems: {} });
  },
  60_000,
);

test("an empty project compiles against the packed packages, strict and with every declaration checked", async () => {
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    target: "ES2023",
    module: "NodeNext",
    lib: ["ES2024", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    types: [],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  writeFileSync(
    join(project, "main.ts"),
    `import { defineFunction, http } from "@anyfn/core";
import { toLambda } from "@anyfn/aws";
import { register } from "@anyfn/azure";
import { toCloudFunction } from "@anyfn/gcp";
import { createServer } from "@anyfn/node";
import { defineConfig } from "anyfn";
import { z } from "zod";
import * as awsHttp from "@anyfn/aws/http";
import * as awsBuild from "@anyfn/aws/build";
import * as azureBuild from "@anyfn/azure/build";
import * as gcpBuild from "@anyfn/gcp/build";
import * as nodeBuild from "@anyfn/node/build";
import { build } from "@anyfn/build";

const hello = defineFunction({
  trigger: http.get("/hello/{name}", { query: z.object({ loud: z.stringbool().optional() }) }),
  handler: ({ params, query }) => (query.loud ? params.name.toUpperCase() : params.name),
});
export const handler = toLambda(hello);
export const cloud = toCloudFunction(hello);
export const server = createServer({ hello });
export const config = defineConfig({ name: "user", targets: { aws: {} } });
export { awsBuild, awsHttp, azureBuild, build, gcpBuild, nodeBuild, register };
`,
  );
  const compiled = await run(join(project, "node_modules/.bin/tsc"), ["-p", project]).catch(
    (error: { stdout: string }) => ({ stdout: error.stdout }),
  );
  expect(compiled.stdout).toBe("");
}, 60_000);

test("the packed command line builds a project", async () => {
  mkdirSync(join(project, "src"));
  writeFileSync(
    join(project, "src/functions.ts"),
    `import { defineFunction, http } from "@anyfn/core";
export const hello = defineFunction({ trigger: http.get("/"), handler: () => "hello" });
`,
  );
  await run(
    process.execPath,
    [join(project, "node_modules/anyfn/dist/main.js"), "build", "--target", "aws,azure,gcp,node"],
    {
      cwd: project,
    },
  );
  expect(readdirSync(join(project, "dist")).sort()).toEqual(
    expect.arrayContaining(["aws", "azure", "gcp", "node"]),
  );
  const { handler } = (await import(join(project, "dist/aws/hello/index.mjs"))) as {
    handler: (event: unknown, context: unknown) => Promise<{ body: string }>;
  };
  const event = {
    version: "2.0",
    rawPath: "/",
    rawQueryString: "",
    headers: {},
    requestContext: {
      http: { method: "GET", path: "/", sourceIp: "203.0.113.7" },
      domainName: "example.org",
      requestId: "r",
      stage: "$default",
    },
    isBase64Encoded: false,
  };
  const context = { functionName: "hello", awsRequestId: "1", getRemainingTimeInMillis: () => 3000 };
  expect(await handler(event, context)).toMatchObject({ statusCode: 200, body: "hello" });
}, 60_000);
