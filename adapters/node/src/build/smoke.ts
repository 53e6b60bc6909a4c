import type { SmokeTest } from "@anyfn/build";

/** The server starts at any free port, for this machine alone. */
export const smoke: SmokeTest = {
  environment: { PORT: "0", HOST: "127.0.0.1" },
  verify: "() => undefined",
};
