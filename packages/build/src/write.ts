import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { buildError } from "./_problem.ts";
import type { Manifest } from "./manifest.ts";

const MANIFEST = "manifest.json";

/**
 * Writes a target's files and its manifest, which comes last: while it is there, it tells the truth. Files that an
 * earlier build wrote and this one did not are removed; anything else in the folder is the user's and stays.
 *
 * @param folder - The target's folder, such as `dist/aws`.
 * @throws AnyfnError `build` when the folder cannot be written.
 */
export function writeTarget(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  manifest: Manifest,
): void {
  try {
    const outdated = ownFiles(folder).filter((path) => !files.has(path));
    rmSync(join(folder, MANIFEST), { force: true });
    const folders = new Set([...files.keys()].map((path) => dirname(join(folder, path))));
    for (const path of folders) mkdirSync(path, { recursive: true });
    for (const [path, data] of files) writeFileSync(join(folder, path), data);
    for (const path of outdated) removeFile(folder, path);
    replaceFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause)) throw cause;
    throw buildError(
      `${folder} cannot be written: ${cause.message}. Correct its rights, or set \`outDir\`.`,
      cause,
    );
  }
}

/** The files that the last build wrote, by its manifest. */
function ownFiles(folder: string): readonly string[] {
  const manifest = readManifest(join(folder, MANIFEST));
  if (manifest === undefined) return [];
  const { artifacts, infrastructure = [] } = manifest;
  const built = artifacts.flatMap(({ directory, files, zip }) =>
    [...files, ...(zip === null ? [] : [zip])].map(({ name }) =>
      directory === "." ? name : `${directory}/${name}`,
    ),
  );
  return [...built, ...infrastructure.map(({ name }) => name)];
}

/** What an earlier release wrote has no infrastructure. */
function readManifest(file: string): (Omit<Manifest, "infrastructure"> & Partial<Manifest>) | undefined {
  try {
    const manifest: Manifest = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(manifest.artifacts) ? manifest : undefined;
  } catch {
    // No manifest, or one that is not ours: then nothing here is.
    return undefined;
  }
}

function removeFile(folder: string, path: string): void {
  const file = resolve(folder, path);
  if (!file.startsWith(folder + sep)) return;
  rmSync(file, { force: true });
  removeEmpty(dirname(file), folder);
}

function removeEmpty(folder: string, root: string): void {
  if (folder === root) return;
  try {
    rmdirSync(folder);
  } catch {
    // Something of the user's is in it.
    return;
  }
  removeEmpty(dirname(folder), root);
}

/** Puts a file in place at once, so that nobody reads half of it. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}
