import type { Config } from "@anyfn/build";

export type { Config } from "@anyfn/build";

/**
 * Types the configuration in `anyfn.config.ts`; at run time it is the value itself.
 *
 * @example export default defineConfig({ functions: ["src/functions.ts"], targets: { aws: {}, node: {} } });
 */
export function defineConfig(config: Config): Config {
  return config;
}
