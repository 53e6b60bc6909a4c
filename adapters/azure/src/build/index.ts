import type { ArtifactPlan, BuildAdapter, DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import { capabilities } from "../capabilities.ts";
import { refuseSettings } from "./_refuse-settings.ts";
import { delivery } from "./delivery.ts";
import { hostJson } from "./host-json.ts";
import { infrastructure } from "./infrastructure.ts";
import { refuse } from "./refuse.ts";
import { type AzureBuildSettings, runtimeSettings, settings } from "./settings.ts";
import { smoke } from "./smoke.ts";

/** Builds one app of all functions for Azure Functions, programming model v4. */
export const adapter: BuildAdapter = {
  name: "azure",
  title: "Azure Functions",
  capabilities,
  settings,
  refuse: (input: TargetInput): readonly Refusal[] => [...refuse(input), ...refuseSettings(input)],
  delivery,
  plan,
  infrastructure,
  smoke,
  deployer: async () => (await import("../deploy/index.ts")).deployer,
};

function plan({ app, functions, settings: given }: TargetInput): readonly ArtifactPlan[] {
  const azureSettings = runtimeSettings(given as AzureBuildSettings);
  const manifest = { name: app, private: true, main: "start.cjs" };
  return [
    {
      directory: ".",
      functions: functions.map(({ name }) => name),
      entry: entryOf(functions, azureSettings),
      // The worker answers `require` for this module, which is no package; the library itself goes into the bundle.
      bundle: {
        file: "index.cjs",
        format: "cjs",
        external: ["@azure/functions-core"],
        native:
          (given as AzureBuildSettings).native === "install"
            ? { os: "linux", cpu: "x64", libc: "glibc" }
            : undefined,
      },
      files: {
        "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
        "host.json": hostJson(functions, azureSettings),
        "start.cjs": START,
      },
      zip: "app.zip",
    },
  ];
}

/**
 * Stack traces get the lines of the user's files. A process that waits for an app has started before it knows NODE_OPTIONS, and
 * `languageWorkers__node__arguments` would start another one: https://github.com/Azure/azure-functions-host/issues/7139
 */
const START = 'process.setSourceMapsEnabled(true);\nrequire("./index.cjs");\n';

/** One registration for each kind of trigger, so that only the code of these is in the bundle. */
function entryOf(functions: readonly DiscoveredFunction[], given: AzureBuildSettings): string {
  const kinds = [...new Set(functions.map(({ definition }) => definition.trigger.kind))].sort();
  const imports = ['import { app } from "@azure/functions";'];
  for (const kind of kinds) {
    imports.push(`import { ${registerName(kind)} } from ${JSON.stringify(`@anyfn/azure/${kind}`)};`);
  }
  for (const [index, { exportName, file }] of functions.entries()) {
    imports.push(`import { ${JSON.stringify(exportName)} as f${index} } from ${JSON.stringify(file)};`);
  }
  const calls = kinds.map((kind) => {
    const list = functions.flatMap(({ name, definition }, index) =>
      definition.trigger.kind === kind ? [`  { name: ${JSON.stringify(name)}, definition: f${index} },`] : [],
    );
    return [`${registerName(kind)}(app, [`, ...list, "], settings);"].join("\n");
  });
  const lines = [...imports, "", `const settings = ${JSON.stringify(given)};`];
  if (given.streaming) lines.push("app.setup({ enableHttpStream: true });");
  return [...lines, ...calls, ""].join("\n");
}

function registerName(kind: string): string {
  return `register${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}
