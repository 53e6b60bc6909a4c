import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const src = (path: string) => `${root}${path}`;

/** Unit tests read the sources, so that they need no build. */
const sources = [
  { find: /^@anyfn\/(core|build)$/, replacement: src("packages/$1/src/index.ts") },
  { find: /^@anyfn\/core\/adapter$/, replacement: src("packages/core/src/adapter.ts") },
  { find: /^anyfn$/, replacement: src("packages/cli/src/index.ts") },
  { find: /^@anyfn\/([^/]+)$/, replacement: src("adapters/$1/src/index.ts") },
  { find: /^@anyfn\/([^/]+)\/(build|simulate)$/, replacement: src("adapters/$1/src/$2/index.ts") },
  { find: /^@anyfn\/([^/]+)\/([^/]+)$/, replacement: src("adapters/$1/src/triggers/$2.ts") },
];

/** Tests of what is shipped: they import, bundle or start the built packages. */
const built = ["test/build/**/*.test.ts", "test/packages/**/*.test.ts", "test/runtimes/**/*.test.ts"];
const extra = ["test/extra/**/*.test.ts"];

export default defineConfig({
  test: {
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        resolve: { alias: sources },
        test: {
          name: "unit",
          include: [
            "packages/**/src/**/*.test.ts",
            "adapters/**/src/**/*.test.ts",
            "test/**/*.test.ts",
            "examples/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "**/dist/**", ...built, ...extra],
        },
      },
      { extends: true, test: { name: "built", include: built, testTimeout: 60_000 } },
      { extends: true, test: { name: "extra", include: extra, testTimeout: 120_000 } },
    ],
  },
});
