import { defineConfig } from "anyfn";

export default defineConfig({
  name: "rest-api",
  functions: ["src/functions.ts"],
  targets: { aws: {}, azure: {}, gcp: {}, node: {} },
});
