import { defineConfig } from "anyfn";

export default defineConfig({
  name: "streaming",
  targets: {
    aws: {
      functions: { streamed: { streaming: true }, moved: { streaming: true }, broken: { streaming: true } },
    },
    azure: { streaming: true },
    gcp: {},
    node: {},
  },
});
