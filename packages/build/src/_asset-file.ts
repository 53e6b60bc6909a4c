import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { buildError, type Place, showPath, showPlace } from "./_problem.ts";

/**
 * The real path of a file that a module or the configuration asks for. Links are followed, and what they lead to must be
 * in the project, or in the package of the module: nothing else of the machine gets into an artifact.
 *
 * @throws AnyfnError `build` when it is outside.
 */
export function findAsset(cwd: string, path: string, from: Place | undefined): string {
  const real = realpathSync(path);
  const roots = from === undefined ? [cwd] : [cwd, packageFolder(dirname(from.file))];
  if (roots.some((root) => root !== undefined && isBelow(real, root))) return real;
  const where = from === undefined ? "" : `${showPlace(cwd, from)}  `;
  const what = isBelow(path, cwd) ? "leads to a file outside of the project" : "is outside of the project";
  throw buildError(
    `${where}${showPath(cwd, path)} ${what}, and cannot go into an artifact. Put a copy into the project, or into a package.`,
  );
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}

/** The folder of the package that a folder belongs to; packages have names. */
function packageFolder(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) return realpathSync(folder);
  return dirname(folder) === folder ? undefined : packageFolder(dirname(folder));
}
