import { defineConfig } from "anyfn";

export default defineConfig({
  name: "runtimes",
  targets: { aws: {}, azure: {}, gcp: {}, node: {} },
});
