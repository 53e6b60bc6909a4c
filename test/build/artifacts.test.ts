import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildResult, build, type ManifestArtifact } from "@anyfn/build";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "./node.ts";
import { createProject, moduleNames, type Project } from "./project.ts";

const TARGETS = ["aws", "azure", "gcp", "node"];
const PACKAGES = [
  "@anyfn/core",
  ...TARGETS.map((target) => `@anyfn/${target}`),
  "@azure/functions",
  "@google-cloud/functions-framework",
  "anyfn",
];

const FILES = {
  "src/functions.ts": `import { defineFunction, http, queue } from "@anyfn/core";

export const hello = defineFunction({
  trigger: http.get("/hello/{name}"),
  handler: ({ params }) => ({ hello: params.name }),
});

export const work = defineFunction({
  trigger: queue("work"),
  handler: (message, { log }) => log.info("working", { id: message.id }),
});

export default defineFunction({ name: "by-default", trigger: queue("defaults"), handler: () => {} });
const odd = defineFunction({ name: "odd", trigger: queue("odds"), handler: () => {} });
export { odd as "no identifier" };
`,
};

let project: Project;
let result: BuildResult;

beforeAll(async () => {
  project = createProject(FILES, PACKAGES);
  result = await build({ cwd: project.dir, targets: TARGETS });
});
afterAll(() => project[Symbol.dispose]());

const artifacts = () =>
  result.targets.flatMap(({ target, directory, manifest }) =>
    manifest.artifacts.map((artifact) => ({ target, artifact, folder: join(directory, artifact.directory) })),
  );

const find = (target: string, name: string) => {
  const found = artifacts().find((item) => item.target === target && item.artifact.functions.includes(name));
  if (found === undefined) throw new Error(`There is no artifact of ${name} for ${target}.`);
  return { ...found, bundle: join(found.folder, found.artifact.bundle) };
};

describe("the artifacts of the four targets", () => {
  it("hold no path of the machine, no link, and no unknown file", () => {
    const written = readdirSync(result.outDir, { recursive: true, encoding: "utf8" })
      .map((path) => ({ path, stat: lstatSync(join(result.outDir, path)) }))
      .filter(({ stat }) => !stat.isDirectory());
    expect(written.filter(({ stat }) => !stat.isFile())).toEqual([]);
    const known = result.targets.flatMap(({ target, manifest }) => [
      join(target, "manifest.json"),
      ...manifest.infrastructure.map(({ name }) => join(target, name)),
      ...manifest.artifacts.flatMap(({ directory, files, zip }) =>
        [...files, ...(zip === null ? [] : [zip])].map(({ name }) => join(target, directory, name)),
      ),
    ]);
    expect(written.map(({ path }) => path).sort()).toEqual(known.sort());
    const machine = [project.dir, join(import.meta.dirname, "../.."), tmpdir()];
    const leaks = written.filter(({ path }) => {
      const data = readFileSync(join(result.outDir, path));
      const texts = path.endsWith(".zip") ? Object.values(unzipSync(data)) : [data];
      return texts.some((text) => machine.some((folder) => Buffer.from(text).includes(folder)));
    });
    expect(leaks.map(({ path }) => path)).toEqual([]);
  });

  it("have no module of another target's adapter in them", () => {
    const foreign = artifacts().flatMap(({ target, artifact }) =>
      moduleNames(artifact).filter((name) => {
        const adapter = /^node_modules\/@anyfn\/([^/]+)\//.exec(name)?.[1] ?? "core";
        return adapter !== "core" && adapter !== target;
      }),
    );
    expect(foreign).toEqual([]);
    expect(artifacts().filter(({ target, artifact }) => !adapterModules(target, artifact))).toEqual([]);
  });

  // Words that only the code of one trigger needs.
  it.each([
    ["aws", "hello", "rawQueryString", "batchItemFailures"],
    ["aws", "work", "batchItemFailures", "rawQueryString"],
    ["gcp", "hello", "is not allowed here.", "x-cloudtasks"],
    ["gcp", "work", "x-cloudtasks", "is not allowed here."],
  ])("%s/%s has %s, and not %s, which is another trigger's", (target, name, own, foreign) => {
    const text = readFileSync(find(target, name).bundle, "utf8");
    expect(text).toContain(own);
    expect(text).not.toContain(foreign);
  });

  it("have the same bytes when they are built in another folder", async () => {
    using other = createProject(FILES, PACKAGES);
    const again = await build({ cwd: other.dir, targets: TARGETS });
    expect(again.targets.map(({ manifest }) => manifest)).toEqual(
      result.targets.map(({ manifest }) => manifest),
    );
  });
});

function adapterModules(target: string, artifact: ManifestArtifact): boolean {
  return moduleNames(artifact).some((name) => name.startsWith(`node_modules/@anyfn/${target}/`));
}

describe("the artifact of a hello world on AWS", () => {
  it("has at most 8 KB, compressed", () => {
    const bytes = gzipSync(readFileSync(find("aws", "hello").bundle), { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(8 * 1024);
  });

  it("answers without loading undici, and has a handler that Lambda takes", async () => {
    const { bundle } = find("aws", "hello");
    const event = {
      version: "2.0",
      routeKey: "$default",
      rawPath: "/hello/world",
      rawQueryString: "",
      headers: { host: "abc.execute-api.eu-central-1.amazonaws.com" },
      requestContext: {
        stage: "$default",
        requestId: "r-1",
        domainName: "abc.execute-api.eu-central-1.amazonaws.com",
        http: { method: "GET", path: "/hello/world", sourceIp: "192.0.2.1" },
      },
      isBase64Encoded: false,
    };
    const call = `
      const { handler } = await import(${JSON.stringify(bundle)});
      const answer = await handler(${JSON.stringify(event)}, { awsRequestId: "r-1", getRemainingTimeInMillis: () => 3000 });
      const undici = process.moduleLoadList.filter((name) => name.includes("undici"));
      console.log(JSON.stringify({ answer, undici, parameters: handler.length }));`;
    const { stdout, stderr } = await runNode(["--input-type=module", "--eval", call]);
    expect(stderr).toBe("");
    const { answer, undici, parameters } = JSON.parse(stdout);
    expect([answer.statusCode, answer.body]).toEqual([200, '{"hello":"world"}']);
    expect(undici).toEqual([]);
    // Lambda refuses handlers of three parameters: they would be of the callback style.
    expect(parameters).toBeLessThanOrEqual(2);
  });
});
