import type { ArtifactPlan, BuildAdapter, DiscoveredFunction, TargetInput } from "@anyfn/build";
import { capabilities } from "../capabilities.ts";
import type { AzureSettings } from "../settings.ts";
import { hostJson } from "./host-json.ts";
import { refuse } from "./refuse.ts";
import { settings } from "./settings.ts";

/** Builds one app of all functions for Azure Functions, programming model v4. */
export const adapter: BuildAdapter = {
  name: "azure",
  title: "Azure Functions",
  capabilities,
  settings,
  refuse,
  plan,
};

function plan({ app, functions, settings: given }: TargetInput): readonly ArtifactPlan[] {
  const azureSettings = given as AzureSettings;
  const manifest = { name: app, private: true, main: "index.cjs" };
  return [
    {
      directory: ".",
      functions: functions.map(({ name }) => name),
      entry: entryOf(functions, azureSettings),
      // The worker answers `require` for this module, which is no package; the library itself goes into the bundle.
      bundle: { file: "index.cjs", format: "cjs", external: ["@azure/functions-core"] },
      files: {
        "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
        "host.json": hostJson(functions, azureSettings),
      },
      zip: "app.zip",
    },
  ];
}

/** One registration for each kind of trigger, so that only the code of these is in the bundle. */
function entryOf(functions: readonly DiscoveredFunction[], given: AzureSettings): string {
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
