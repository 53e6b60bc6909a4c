import type { SmokeTest } from "@anyfn/build";

/** Notes the functions that are registered; the framework itself would parse arguments and start a server. */
const framework = `const names = (globalThis.anyfnRegistered ??= []);
const register = (name, handler) => {
  if (typeof handler !== "function") throw new TypeError(name + " has no handler.");
  names.push(name);
};
module.exports = { http: register, cloudEvent: register };
`;

export const smoke: SmokeTest = {
  brings: { "@google-cloud/functions-framework": framework },
  verify: `(_exports, [name]) => {
    if (!globalThis.anyfnRegistered?.includes(name)) return "It does not register the target " + name + ".";
  }`,
};
