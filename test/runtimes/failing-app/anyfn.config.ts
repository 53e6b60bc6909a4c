import { defineConfig } from "anyfn";

export default defineConfig({
  name: "failing",
  targets: { aws: {}, azure: {}, gcp: {}, node: { gracePeriod: 5 } },
});
