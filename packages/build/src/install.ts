import { execFile } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type { NativeImport } from "./_native.ts";
import { type packageFinder, versionsBelow } from "./_native-package.ts";
import { buildError } from "./_problem.ts";
import type { Platform } from "./model.ts";

/** Which packages to install, each at the version that the project has. */
export interface InstallNeeds {
  readonly dependencies: Readonly<Record<string, string>>;
  /** What stands below them. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** Installs packages for a platform, and gives the files by path from the artifact. */
export type Install = (needs: InstallNeeds, platform: Platform) => Promise<ReadonlyMap<string, Uint8Array>>;

/** What has to be installed for the native packages that a bundle left out. @throws AnyfnError `build` for two versions. */
export function installNeeds(
  imports: readonly NativeImport[],
  findPackage: ReturnType<typeof packageFinder>,
): InstallNeeds {
  const dependencies = new Map<string, string>();
  const overrides = new Map<string, string>();
  for (const { package: found } of imports) {
    const { name, version } = found;
    const other = dependencies.get(name) ?? version;
    if (other !== version) {
      throw buildError(
        `The native package "${name}" is there as ${other} and as ${version}. Install one version.`,
      );
    }
    dependencies.set(name, version);
    for (const [below, installed] of versionsBelow(findPackage, found)) overrides.set(below, installed);
  }
  for (const name of dependencies.keys()) overrides.delete(name);
  return { dependencies: sorted(dependencies), overrides: sorted(overrides) };
}

function sorted(entries: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Makes the function that installs with npm; equal needs are installed once. */
export function npmInstaller(cwd: string): Install {
  const known = new Map<string, ReturnType<Install>>();
  return (needs, platform) => {
    const key = JSON.stringify([needs, platform]);
    const installed = known.get(key) ?? install(cwd, needs, platform);
    known.set(key, installed);
    return installed;
  };
}

async function install(cwd: string, needs: InstallNeeds, platform: Platform): ReturnType<Install> {
  const folder = mkdtempSync(join(tmpdir(), "anyfn-install-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, ...needs }));
    const npmrc = join(cwd, ".npmrc");
    // A link: what is in it may be secret, and is not written anywhere.
    if (existsSync(npmrc)) symlinkSync(npmrc, join(folder, ".npmrc"));
    await runNpm(folder, platform, Object.keys(needs.dependencies));
    const files = readTree(folder);
    assertPlatform(files, platform);
    return files;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const FLAGS = [
  "--no-audit",
  "--no-fund",
  "--no-bin-links",
  "--no-package-lock",
  "--omit=dev",
  "--loglevel=error",
];

function runNpm(folder: string, { os, cpu, libc }: Platform, names: readonly string[]): Promise<void> {
  const args = ["install", `--os=${os}`, `--cpu=${cpu}`, `--libc=${libc}`, ...FLAGS];
  // What installs prebuilt files by itself asks these.
  const env = { ...process.env, npm_config_platform: os, npm_config_arch: cpu };
  return new Promise((resolve, reject) => {
    execFile(
      "npm",
      args,
      { cwd: folder, env, shell: process.platform === "win32" },
      (error, _out, stderr) => {
        if (error === null) return resolve();
        const said = stderr.trim().split("\n").slice(0, 8).join("\n");
        const problem = `npm could not install ${names.join(", ")} for ${os} ${cpu}:\n${said || error.message}`;
        reject(buildError(`${problem}\nCorrect what npm says, or leave the package out.`, error));
      },
    );
  });
}

function readTree(folder: string): ReadonlyMap<string, Uint8Array> {
  const entries = readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== ".package-lock.json")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    files.map((file) => [
      file
        .slice(folder.length + 1)
        .split(sep)
        .join("/"),
      readFileSync(file),
    ]),
  );
}

/** The machine of an ELF file. @see https://man7.org/linux/man-pages/man5/elf.5.html */
const MACHINES = { x64: 0x3e, arm64: 0xb7 } as const;

/** @throws AnyfnError `build` when a package has native files, and none of them for the platform. */
function assertPlatform(files: ReadonlyMap<string, Uint8Array>, { os, cpu }: Platform): void {
  const native = [...files].filter(([path]) => path.endsWith(".node"));
  const packages = Map.groupBy(
    native,
    ([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? "",
  );
  for (const [folder, binaries] of packages) {
    if (binaries.some(([, data]) => isElf(data) && data[18] === MACHINES[cpu])) continue;
    const name = folder.replace(/^.*node_modules\//, "");
    throw buildError(
      `The package "${name}" was installed, but not for ${os} ${cpu}: it compiles itself for the machine that installs it. ` +
        "Build on such a machine, or take a package with prebuilt files.",
    );
  }
}

function isElf(data: Uint8Array): boolean {
  return Buffer.from(data.subarray(0, 4)).toString("latin1") === "\u007fELF";
}
