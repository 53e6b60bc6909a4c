import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** Whether a regular file, or a link to one, is there. */
export function isFileAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Makes the function that names modules in source maps and manifests: from the project, or by package. No name holds
 * the path of a machine, and a package linked from elsewhere has the name that it has when it is installed.
 */
export function moduleNamer(cwd: string): (file: string) => string {
  const findPackage = memoize((folder: string): Package | undefined => {
    const name = readName(join(folder, "package.json"));
    if (name !== undefined) return { folder, name };
    return dirname(folder) === folder ? undefined : findPackage(dirname(folder));
  });
  return memoize((file: string) => {
    const modules = file.lastIndexOf(`${sep}node_modules${sep}`);
    if (modules !== -1) return posix(file.slice(modules + 1));
    const path = posix(relative(cwd, file));
    if (!path.startsWith("../")) return path;
    const owner = findPackage(dirname(file));
    if (owner === undefined) return path.replace(/^(?:\.\.\/)+/, "");
    return posix(join("node_modules", owner.name, relative(owner.folder, file)));
  });
}

interface Package {
  readonly folder: string;
  readonly name: string;
}

function readName(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown };
  return typeof name === "string" ? name : undefined;
}

export function memoize<Result>(compute: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, Result>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as Result;
  };
}

function posix(path: string): string {
  return path.split(sep).join("/");
}
