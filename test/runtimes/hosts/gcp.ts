import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { HttpHost } from "./host.ts";
import { startHttpHost } from "./http-host.ts";

/** What Google sets for a function. */
export interface FunctionsFrameworkOptions {
  /** The function to serve: `FUNCTION_TARGET`. */
  readonly target: string;
  /** Left out, the framework's own default applies, as with `gcloud run deploy --function`. */
  readonly signatureType?: "http" | "cloudevent" | "event";
  readonly env?: Readonly<Record<string, string>>;
}

const index = createRequire(import.meta.url).resolve("@google-cloud/functions-framework");
const resolveFramework = new URL("./preload/functions-framework.mjs", import.meta.url);

/**
 * Serves a source directory with the genuine functions-framework, configured by environment variables as on Google Cloud.
 *
 * @param sourceDir - Holds package.json with `main`; its `require` or `import` of the framework gets the server's own copy.
 */
export function startFunctionsFramework(
  sourceDir: string,
  options: FunctionsFrameworkOptions,
): Promise<HttpHost> {
  // main.js is not among the package's exports, only its `bin`.
  return startHttpHost("gcp", join(dirname(index), "main.js"), {
    cwd: sourceDir,
    preload: [resolveFramework],
    // https://cloud.google.com/run/docs/container-contract#env-vars and the framework's README
    env: {
      ANYFN_TEST_FRAMEWORK: pathToFileURL(index).href,
      NODE_ENV: "production",
      PORT: "0",
      FUNCTION_TARGET: options.target,
      FUNCTION_SIGNATURE_TYPE: options.signatureType,
      K_SERVICE: options.target,
      K_REVISION: `${options.target}-00001-abc`,
      K_CONFIGURATION: options.target,
      ...options.env,
    },
  });
}
