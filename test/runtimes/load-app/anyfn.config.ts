import { defineConfig } from "anyfn";

export default defineConfig({
  name: "load",
  targets: { aws: {}, azure: {}, gcp: {}, node: { gracePeriod: 8 } },
});
