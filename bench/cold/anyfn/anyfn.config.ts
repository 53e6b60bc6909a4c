import { defineConfig } from "anyfn";

export default defineConfig({ name: "cold", outDir: "../../dist/cold/anyfn" });
