import { defineConfig } from "anyfn";

export default defineConfig({ name: "slow", targets: { node: { requestTimeout: 1 } } });
