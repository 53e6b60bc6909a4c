import { isBuiltin } from "node:module";
import { dirname, isAbsolute } from "node:path";
import type { Plugin } from "rolldown";
import { isPackageFile } from "./_link.ts";
import { type InstalledPackage, ownerOf, type packageFinder } from "./_native-package.ts";
import { buildError, showPath } from "./_problem.ts";

/** What the plugin needs to know. */
export interface NativeOptions {
  readonly cwd: string;
  readonly findPackage: ReturnType<typeof packageFinder>;
  /** Whether native packages are left out of the bundle, to be installed beside it. */
  readonly installs: boolean;
}

/** The native packages that were left out of a bundle, and where they are imported. */
export interface NativePlugin extends Plugin {
  readonly packages: () => readonly NativeImport[];
  readonly warnings: () => readonly string[];
}

/** An import of a native package. */
export interface NativeImport {
  readonly package: InstalledPackage;
  readonly importer: string;
}

/**
 * Finds native packages before they are bundled: a bundler takes their JavaScript without a word, and what it made fails
 * when it is loaded. Either they stay outside, or the build stops.
 */
export function findNative({ cwd, findPackage, installs }: NativeOptions): NativePlugin {
  const packages: NativeImport[] = [];
  const warnings = new Set<string>();
  return {
    name: "anyfn:native",
    packages: () => packages,
    warnings: () => [...warnings],
    resolveId: {
      filter: { id: /^(?!@anyfn\/|node:)[^./\0]/ },
      handler(source, importer = "") {
        if (isAbsolute(source)) return null;
        const name = source.split("/", source.startsWith("@") ? 2 : 1).join("/");
        if (isBuiltin(name) || !isAbsolute(importer)) return null;
        const found = findPackage(dirname(importer), name);
        if (found?.native === undefined) return null;
        if (!installs) {
          const owner = ownerOf(findPackage, importer);
          if (!owner?.optional.includes(name)) throw buildError(refusal(cwd, found, importer));
          warnings.add(
            `The native package "${name}", without which ${owner.name} works, is left out of the artifacts.`,
          );
          return { id: source, external: true };
        }
        packages.push({ package: found, importer });
        return { id: source, external: true, moduleSideEffects: false };
      },
    },
  };
}

/** Refuses files that are compiled for one platform, which no package brings. */
export function refuseNativeFiles(cwd: string): Plugin {
  return {
    name: "anyfn:native-files",
    resolveId: {
      filter: { id: /\.node$/ },
      handler(source, importer = "") {
        throw buildError(
          `${showPath(cwd, importer)}  It imports the native add-on "${source}", which is compiled for one platform. ` +
            "Put it into a package that is compiled when it is installed.",
        );
      },
    },
  };
}

function refusal(cwd: string, { name, version, native }: InstalledPackage, importer: string): string {
  const where = isPackageFile(importer)
    ? importer.replace(/^.*[\\/](?=node_modules[\\/])/, "")
    : showPath(cwd, importer);
  return (
    `${where}  It imports the native package "${name}" ${version} (${native}), which cannot be bundled. ` +
    "Set `native: \"install\"` in the target's section of anyfn.config.ts to install it for the target's platform beside " +
    "the bundle, or take a package that is JavaScript or WebAssembly alone."
  );
}
