import type { ArtifactPlan, BuildAdapter, DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import { capabilities } from "../capabilities.ts";
import { refuseSettings } from "./_refuse.ts";
import { delivery } from "./delivery.ts";
import { infrastructure } from "./infrastructure.ts";
import { type GcpSettings, settings } from "./settings.ts";
import { smoke } from "./smoke.ts";

const FRAMEWORK = "@google-cloud/functions-framework";
/** The version that the artifacts were tested with. */
const FRAMEWORK_VERSION = "5.0.5";
/** https://cloud.google.com/run/docs/configuring/services/memory-limits */
const MOST_MEMORY = 32 * 1024;

/** Builds one source archive a function for Cloud Run functions. */
export const adapter: BuildAdapter = {
  name: "gcp",
  title: "Google Cloud",
  capabilities,
  settings,
  refuse: (input: TargetInput): readonly Refusal[] => [
    ...input.functions.flatMap(refuseFunction),
    ...refuseSettings(input),
  ],
  delivery,
  plan: (input: TargetInput): readonly ArtifactPlan[] =>
    input.functions.map((fn) => planFunction(fn, input.settings as GcpSettings)),
  infrastructure,
  smoke,
  deployer: async () => (await import("../deploy/index.ts")).deployer,
};

function refuseFunction({ name, definition }: DiscoveredFunction): Refusal[] {
  const { timeout, memory, trigger } = definition;
  const refusals: Refusal[] = [];
  const limits = capabilities[trigger.kind];
  if ("maxSeconds" in limits && timeout > limits.maxSeconds) {
    const reason =
      `Google Cloud stops a function with a "${trigger.kind}" trigger after ${limits.maxSeconds} seconds, and its ` +
      `timeout is ${timeout}. Give it a shorter one.`;
    refusals.push({ function: name, reason });
  }
  if (memory > MOST_MEMORY) {
    const reason = `Google Cloud gives a function at most ${MOST_MEMORY} MiB, and its memory is ${memory}. Declare less.`;
    refusals.push({ function: name, reason });
  }
  return refusals;
}

function planFunction(fn: DiscoveredFunction, given: GcpSettings): ArtifactPlan {
  return {
    directory: fn.name,
    functions: [fn.name],
    entry: entryOf(fn, given),
    // The framework keeps registrations in its own module: a copy inside the bundle would register for nobody.
    bundle: {
      file: "index.cjs",
      format: "cjs",
      external: [FRAMEWORK],
      // Google's build installs what package.json names, on the platform that runs it.
      native: given.native === "install" ? "package.json" : undefined,
    },
    files: { "package.json": manifestOf(fn, given) },
    zip: `${fn.name}.zip`,
  };
}

/**
 * Every trigger is registered as an HTTP function. A registered signature wins over the FUNCTION_SIGNATURE_TYPE that the
 * platform sets for event triggers, and it alone sees pushes without data, batches and unwrapped messages as they are.
 */
function entryOf({ name, exportName, file, definition }: DiscoveredFunction, given: GcpSettings): string {
  const { kind } = definition.trigger;
  const { basePath, trustedProxies } = given;
  const options = JSON.stringify({ name, ownServer: true, basePath, trustedProxies });
  return [
    `import { http } from ${JSON.stringify(FRAMEWORK)};`,
    `import { ${kind}Function } from ${JSON.stringify(`@anyfn/gcp/${kind}`)};`,
    `import { ${JSON.stringify(exportName)} as definition } from ${JSON.stringify(file)};`,
    "",
    `http(${JSON.stringify(name)}, ${kind}Function(definition, ${options}));`,
    "",
  ].join("\n");
}

/** Without scripts, Google's build has nothing to run: no GOOGLE_NODE_RUN_SCRIPTS is needed. */
function manifestOf({ name }: DiscoveredFunction, { node }: GcpSettings): string {
  const manifest = {
    name,
    private: true,
    main: "index.cjs",
    engines: { node: `${node}.x` },
    dependencies: { [FRAMEWORK]: FRAMEWORK_VERSION },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
