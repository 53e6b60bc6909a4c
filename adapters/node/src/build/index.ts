import type { ArtifactPlan, BuildAdapter, DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import { AnyfnError } from "@anyfn/core";
import { capabilities } from "../capabilities.ts";
import { createDispatch } from "../dispatch.ts";
import type { Endpoint } from "../endpoint.ts";
import type { ServeOptions } from "../serve.ts";
import { httpEndpoint } from "../triggers/http.ts";
import { delivery } from "./delivery.ts";
import { type NodeBuildSettings, settings } from "./settings.ts";
import { smoke } from "./smoke.ts";

/** Builds one server of all functions, with what a container needs to run it. */
export const adapter: BuildAdapter = {
  name: "node",
  title: "Node",
  capabilities,
  settings,
  refuse,
  delivery,
  plan,
  smoke,
};

/** Functions whose routes another one takes. */
function refuse({ functions }: TargetInput): readonly Refusal[] {
  const accepted: Endpoint[] = [];
  const refusals: Refusal[] = [];
  for (const { name, definition } of functions) {
    if (definition.trigger.kind !== "http") continue;
    const endpoint = httpEndpoint({ name, definition });
    try {
      createDispatch([...accepted, endpoint]);
      accepted.push(endpoint);
    } catch (error) {
      if (!(error instanceof AnyfnError)) throw error;
      // Where it comes from stands before it already.
      refusals.push({ function: name, reason: error.message.replace(/^\[[^\]]*\] /, "") });
    }
  }
  return refusals;
}

function plan({ app, functions, settings }: TargetInput): readonly ArtifactPlan[] {
  const { native, architecture = "x64", ...options } = settings as NodeBuildSettings;
  return [
    {
      directory: ".",
      functions: functions.map(({ name }) => name),
      entry: entryOf(functions, options),
      bundle: {
        file: "server.mjs",
        format: "esm",
        external: [],
        // The image that the Dockerfile starts from has glibc.
        native: native === "install" ? { os: "linux", cpu: architecture, libc: "glibc" } : undefined,
      },
      files: {
        "package.json": packageJson(app),
        Dockerfile: dockerfile(options.port ?? 8080),
        ".dockerignore": "Dockerfile\n.dockerignore\nmanifest.json\nserver.zip\n",
      },
      zip: "server.zip",
    },
  ];
}

/** Imports the entry point of each used trigger and of no other, so that only their code is in the bundle. */
function entryOf(functions: readonly DiscoveredFunction[], options: ServeOptions): string {
  const kinds = [...new Set(functions.map(({ definition }) => definition.trigger.kind))].sort();
  const lines = [
    'import { serveEndpoints } from "@anyfn/node/serve";',
    ...kinds.map((kind) => `import { ${kind}Endpoint } from "@anyfn/node/${kind}";`),
    ...functions.map(
      ({ exportName, file }, index) =>
        `import { ${JSON.stringify(exportName)} as function${index} } from ${JSON.stringify(file)};`,
    ),
    "const endpoints = [",
    ...functions.map(
      ({ name, definition }, index) =>
        `  ${definition.trigger.kind}Endpoint({ name: ${JSON.stringify(name)}, definition: function${index} }),`,
    ),
    "];",
    `await serveEndpoints(endpoints, ${JSON.stringify(options)});`,
  ];
  return `${lines.join("\n")}\n`;
}

function packageJson(app: string): string {
  const manifest = {
    name: app,
    private: true,
    type: "module",
    engines: { node: ">=22.12" },
    scripts: { start: "node server.mjs" },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Node is the first process of the container, which gets SIGTERM itself: no shell and no npm stand between. */
function dockerfile(port: number): string {
  return [
    "FROM node:24-slim",
    "ENV NODE_ENV=production",
    "WORKDIR /app",
    "COPY . ./",
    "USER node",
    `EXPOSE ${port}`,
    "STOPSIGNAL SIGTERM",
    'CMD ["node", "--enable-source-maps", "server.mjs"]',
    "",
  ].join("\n");
}
