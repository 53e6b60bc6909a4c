import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** An installed package, as far as it matters for native code. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Real path. */
  readonly folder: string;
  /** Why it cannot be bundled: `"it has a binding.gyp"`; undefined for JavaScript. */
  readonly native: string | undefined;
  /** Names of the packages that it works without. */
  readonly optional: readonly string[];
  readonly dependencies: readonly string[];
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly gypfile?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly cpu?: readonly string[];
}

/** Packages that load or install what was compiled. */
const LOADERS = [
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "prebuild-install",
  "pkg-prebuilds",
  "@mapbox/node-pre-gyp",
  "node-pre-gyp",
  "cmake-js",
];
const COMPILES = /\b(?:node-gyp|node-pre-gyp|prebuild-install|cmake-js)\b/;
/** Names such as `@img/sharp-linux-x64` and `@esbuild/darwin-arm64`. */
const PLATFORM =
  /(?:^|[/-])(?:linux|linuxmusl|darwin|win32|windows|freebsd|android)-(?:x64|x86|ia32|arm64|arm|universal)(?:-|$)/;
/** Where packages keep what is compiled. */
const FOLDERS = [".", "build/Release", "lib", "dist", "bin", "native"];

/** Makes the function that finds a package as Node does: in the `node_modules` of a folder and of those above it. */
export function packageFinder(): (from: string, name: string) => InstalledPackage | undefined {
  const known = new Map<string, InstalledPackage | undefined>();
  const find = (from: string, name: string): InstalledPackage | undefined => {
    const folder = join(from, "node_modules", name);
    const key = `${from}\n${name}`;
    if (!known.has(key)) {
      const parent = dirname(from) === from ? undefined : dirname(from);
      known.set(key, readPackage(folder, find) ?? (parent === undefined ? undefined : find(parent, name)));
    }
    return known.get(key);
  };
  return find;
}

type Find = ReturnType<typeof packageFinder>;

function readPackage(folder: string, find: Find): InstalledPackage | undefined {
  const manifest = readManifest(folder);
  if (manifest === undefined) return undefined;
  const { name = "", version = "", dependencies = {}, optionalDependencies = {} } = manifest;
  const peers = Object.entries(manifest.peerDependenciesMeta ?? {}).filter(([, { optional }]) => optional);
  return {
    name,
    version,
    folder: realpathSync(folder),
    native: nativeReason(realpathSync(folder), manifest),
    optional: [...Object.keys(optionalDependencies), ...peers.map(([peer]) => peer)],
    dependencies: [...Object.keys(dependencies), ...Object.keys(optionalDependencies)],
  };

  function nativeReason(real: string, { gypfile, scripts = {} }: PackageJson): string | undefined {
    if (existsSync(join(real, "binding.gyp"))) return "it has a binding.gyp";
    if (gypfile === true) return 'its package.json has "gypfile"';
    const loader = LOADERS.find((candidate) => candidate in dependencies);
    if (loader !== undefined) return `it depends on ${loader}`;
    const script = scripts.install ?? scripts.postinstall ?? "";
    if (COMPILES.test(script)) return "it is compiled when it is installed";
    const platform = Object.keys(optionalDependencies).find((name) => isForPlatform(real, name));
    if (platform !== undefined) return `it has a package for each platform, such as ${platform}`;
    const binary = compiledFile(real);
    return binary === undefined ? undefined : `it has ${binary}`;
  }

  /** By its name, or else by what is installed, which other machines may lack. */
  function isForPlatform(real: string, name: string): boolean {
    if (PLATFORM.test(name)) return true;
    const installed = find(real, name);
    return installed !== undefined && readManifest(installed.folder)?.cpu !== undefined;
  }
}

function compiledFile(folder: string): string | undefined {
  if (existsSync(join(folder, "prebuilds"))) return "a folder prebuilds";
  const binaries = FOLDERS.flatMap((path) => filesIn(join(folder, path)).map((name) => join(path, name)));
  return binaries.find((name) => name.endsWith(".node"));
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function readManifest(folder: string): PackageJson | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** The installed package that a file belongs to. */
export function ownerOf(find: Find, file: string): InstalledPackage | undefined {
  const match = /^(.*)[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file);
  return match === null ? undefined : find(match[1] ?? "", (match[2] ?? "").replace("\\", "/"));
}

/** A package's exact version and those of everything below it, as they are installed here. */
export function versionsBelow(
  find: Find,
  { folder, dependencies }: InstalledPackage,
): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  const visit = (from: string, names: readonly string[]): void => {
    for (const name of names) {
      const found = versions.has(name) ? undefined : find(from, name);
      if (found === undefined) continue;
      versions.set(name, found.version);
      visit(found.folder, found.dependencies);
    }
  };
  visit(folder, dependencies);
  return versions;
}
