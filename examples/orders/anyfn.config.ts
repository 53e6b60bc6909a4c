import { defineConfig } from "anyfn";

export default defineConfig({
  name: "orders",
  functions: ["src/functions.ts"],
  targets: { aws: {}, azure: {}, gcp: {}, node: {} },
});
