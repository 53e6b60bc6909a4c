import type { SmokeTest } from "@anyfn/build";

/** Lambda refuses a handler that declares three parameters: it would be of the callback style. */
export const smoke: SmokeTest = {
  verify: `({ handler }) => {
    if (typeof handler !== "function") return "It exports no function \\"handler\\".";
    if (handler.length > 2) return "Its handler declares " + handler.length + " parameters, and Lambda takes 2 at most.";
  }`,
};
