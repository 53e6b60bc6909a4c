import { defineConfig } from "anyfn";

export default defineConfig({
  name: "images",
  functions: ["src/functions.ts"],
  targets: { aws: {}, azure: {}, gcp: {}, node: {} },
});
