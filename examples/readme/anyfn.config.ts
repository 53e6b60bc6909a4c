import { defineConfig } from "anyfn";

export default defineConfig({
  name: "shop",
  functions: ["src/functions.ts"],
  targets: { aws: {}, azure: {}, gcp: {}, node: {} },
});
