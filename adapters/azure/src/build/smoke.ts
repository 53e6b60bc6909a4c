import type { SmokeTest } from "@anyfn/build";

/**
 * Without `@azure/functions-core`, which the worker supplies, the library registers nothing and says so once: the app is
 * deployed and answers 404. This one counts.
 */
const core = `const names = (globalThis.anyfnRegistered ??= []);
const disposable = { dispose() {} };
let model;
module.exports = {
  version: "3.10.0",
  hostVersion: "4.0.0",
  setProgrammingModel: (given) => void (model = given),
  getProgrammingModel: () => model,
  log() {},
  registerHook: () => disposable,
  registerFunction({ name }, callback) {
    if (typeof callback !== "function") throw new TypeError(name + " has no handler.");
    names.push(name);
    return disposable;
  },
};
`;

export const smoke: SmokeTest = {
  brings: { "@azure/functions-core": core },
  verify: `(_exports, functions) => {
    const registered = globalThis.anyfnRegistered ?? [];
    const missing = functions.filter((name) => !registered.includes(name));
    if (missing.length > 0) return "It registers " + registered.length + " of " + functions.length + " functions; missing: " + missing.join(", ") + ".";
    if (registered.length > functions.length) return "It registers " + registered.length + " functions, and has " + functions.length + ".";
  }`,
};
