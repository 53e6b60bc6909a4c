import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { kebabCase, NAME, toError } from "@anyfn/core/adapter";
import * as z from "zod";
import { evaluate } from "./_evaluate.ts";
import { isFileAt } from "./_paths.ts";
import { buildError, quoteList, showPath } from "./_problem.ts";

/** What `anyfn.config.ts` exports as its default. Every option may be left out. */
export interface Config {
  /** The application's name, kebab-case; by default the name in package.json, without its scope. */
  readonly name?: string | undefined;
  /** Files that export functions, or globs of them, from the project's folder; `["src/functions.ts"]` by default. */
  readonly functions?: readonly string[] | undefined;
  /** Folder for the artifacts, from the project's folder; `"dist"` by default. */
  readonly outDir?: string | undefined;
  /** Whether bundles are minified; true by default. */
  readonly minify?: boolean | undefined;
  /** Files that every artifact has under their paths from the project's folder, or globs of them: `["src/templates/**"]`. */
  readonly assets?: readonly string[] | undefined;
  /** Whether each artifact is loaded after it was built, to see that it can be; true by default. */
  readonly smoke?: boolean | undefined;
  /** Settings by target, such as `{ aws: { memory: 1024 } }`; the target's adapter says which there are. */
  readonly targets?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | undefined;
}

/** A configuration with its defaults filled in. */
export interface LoadedConfig {
  /** Where it came from, for messages: `"anyfn.config.ts"`. */
  readonly source: string;
  readonly name: string;
  readonly functions: readonly string[];
  /** Absolute. */
  readonly outDir: string;
  readonly minify: boolean;
  readonly assets: readonly string[];
  readonly smoke: boolean;
  readonly targets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const FILES = ["ts", "mts", "js", "mjs"].map((extension) => `anyfn.config.${extension}`);

const shape = {
  name: z
    .string()
    .regex(NAME, "must be lower-case letters, digits and dashes, start with a letter, and have at most 60")
    .optional(),
  functions: z.array(z.string().min(1)).min(1, "must name at least one file").optional(),
  outDir: z.string().min(1).optional(),
  minify: z.boolean().optional(),
  assets: z.array(z.string().min(1)).optional(),
  smoke: z.boolean().optional(),
  targets: z.record(z.string(), z.record(z.string(), z.unknown()).optional()).optional(),
};
const schema = z.strictObject(shape, {
  error: ({ code, keys }) =>
    code === "unrecognized_keys"
      ? `There is no option ${quoteList(keys as string[])}. There are: ${Object.keys(shape).join(", ")}.`
      : "The default export must be an object: export default defineConfig({ ... });",
});

/**
 * Loads the project's configuration; without a file, the defaults.
 *
 * @param file - The configuration file, absolute or from `cwd`; by default `anyfn.config.{ts,mts,js,mjs}`.
 * @throws AnyfnError `build` when it cannot be loaded, or names each option at fault.
 */
export async function loadConfig(cwd: string, file?: string): Promise<LoadedConfig> {
  const path = findConfig(cwd, file);
  if (path === undefined) return complete(cwd, {}, "package.json");
  const source = showPath(cwd, path);
  const entry = `export * as config from ${JSON.stringify(path)};`;
  const { exports } = await evaluate({ cwd, entry, title: source });
  const config = (exports.config as { readonly default?: unknown }).default;
  if (config === undefined) {
    throw buildError(`${source} has no default export. Write: export default defineConfig({ ... });`);
  }
  return complete(cwd, parseConfig(config, source), source);
}

/** Checks a configuration and names each option at fault. */
export function parseConfig(value: unknown, source: string): Config {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw buildError(`${source} is not a valid configuration:\n${listIssues(result.error.issues)}`);
}

/** One line an issue: `  targets.aws: what is wrong`. */
export function listIssues(
  issues: ReadonlyArray<{ readonly path?: readonly unknown[] | undefined; readonly message: string }>,
): string {
  return issues
    .map(({ path = [], message }) => {
      const keys = path.map((part) =>
        typeof part === "object" && part !== null && "key" in part ? part.key : part,
      );
      return `  ${keys.length === 0 ? "" : `${keys.join(".")}: `}${message}`;
    })
    .join("\n");
}

function findConfig(cwd: string, file: string | undefined): string | undefined {
  if (file === undefined) {
    const found = FILES.find((name) => existsSync(join(cwd, name)));
    return found === undefined ? undefined : join(cwd, found);
  }
  const path = resolve(cwd, file);
  if (isFileAt(path)) return path;
  throw buildError(
    `There is no configuration file ${showPath(cwd, path)}. Create it, or name another with --config.`,
  );
}

function complete(cwd: string, config: Config, source: string): LoadedConfig {
  const { functions = ["src/functions.ts"], outDir = "dist", minify = true, targets = {} } = config;
  const { assets = [], smoke = true } = config;
  const sections = Object.entries(targets).map(([name, section = {}]) => [name, section] as const);
  return {
    source,
    name: config.name ?? defaultName(cwd),
    functions,
    outDir: resolve(cwd, outDir),
    minify,
    assets,
    smoke,
    targets: Object.fromEntries(sections),
  };
}

function defaultName(cwd: string): string {
  const given = packageName(cwd) ?? basename(cwd);
  const name = kebabCase(given.replace(/^@[^/]+\//, ""))
    .slice(0, 60)
    .replace(/-+$/, "");
  if (NAME.test(name)) return name;
  throw buildError(
    `The application has no name: "${given}" gives none. Set \`name\` in anyfn.config.ts, such as "shop".`,
  );
}

function packageName(cwd: string): string | undefined {
  const file = join(cwd, "package.json");
  if (!existsSync(file)) return undefined;
  try {
    const { name }: { name?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return typeof name === "string" ? name : undefined;
  } catch (cause) {
    throw buildError(`package.json cannot be read: ${toError(cause).message}. Correct it.`, cause);
  }
}
