import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that goes when the test ends. */
export interface TemporaryArtifact extends Disposable {
  readonly dir: string;
}

/**
 * Writes files into a new folder outside of the repository, so that nothing resolves that was not put there.
 *
 * @param files - Contents by path.
 * @param packages - Folders of installed packages to link into node_modules, by name.
 */
export function writeArtifact(
  files: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string>> = {},
): TemporaryArtifact {
  const dir = mkdtempSync(join(tmpdir(), "anyfn-host-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  for (const [name, target] of Object.entries(packages)) {
    mkdirSync(dirname(join(dir, "node_modules", name)), { recursive: true });
    symlinkSync(target, join(dir, "node_modules", name));
  }
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}
