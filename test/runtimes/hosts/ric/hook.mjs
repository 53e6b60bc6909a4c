// node --import ./hook.mjs aws-lambda-ric/index.mjs: what it requires as its addon becomes rapid-client.mjs. Node's
// registerHooks also reaches the worker threads of multi-concurrent mode, to which the RIC passes its --import flags.
import { registerHooks } from "node:module";
import * as client from "./rapid-client.mjs";

const addon = "./rapid-client.node";
const url = new URL("./rapid-client.cjs", import.meta.url).href;
const key = Symbol.for("anyfn.test.rapidClient");
globalThis[key] = client;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === addon ? { url, format: "commonjs", shortCircuit: true } : next(specifier, context),
  load: (loaded, context, next) =>
    loaded === url
      ? {
          format: "commonjs",
          source: "module.exports = globalThis[Symbol.for('anyfn.test.rapidClient')]",
          shortCircuit: true,
        }
      : next(loaded, context),
});
