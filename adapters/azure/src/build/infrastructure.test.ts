import type { DiscoveredFunction } from "@anyfn/build";
import { defineFunction, http } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { adapter } from "./index.ts";

const found = (name: string): DiscoveredFunction => ({
  name,
  exportName: name,
  file: `/app/${name}.ts`,
  line: 1,
  column: 1,
  definition: defineFunction({ trigger: http.get(`/${name}`), handler: () => {} }),
});

async function parse(section: object): Promise<unknown> {
  const result = await adapter.settings["~standard"].validate(section);
  if (result.issues === undefined) return result.value;
  throw new Error(result.issues.map(({ path = [], message }) => `${path.join(".")}: ${message}`).join("\n"));
}

describe("refusals", () => {
  it.each<[object, RegExp]>([
    [{ permissions: [{ role: "Owner", scope: "Microsoft.KeyVault/vaults/v" }] }, /GUID of a role/],
    [
      {
        permissions: [{ role: "b24988ac-6180-42a0-ab88-20f7382dd24c", scope: "Microsoft.KeyVault/vaults/v" }],
      },
      /GUID of a role/,
    ],
    [
      { permissions: [{ role: "Storage Blob Data Reader", scope: "Microsoft.Storage/storageAccounts/*" }] },
      /one resource/,
    ],
    [{ permissions: [{ role: "Storage Blob Data Reader", scope: "/subscriptions/s" }] }, /one resource/],
    [{ environment: { FUNCTIONS_WORKER_RUNTIME: "node" } }, /sets itself/],
    [{ maxInstances: 10 }, /maxInstances/],
    [{ logRetentionDays: 7 }, /logRetentionDays/],
    [{ node: "20" }, /"22" or "24"/],
  ])("the settings %j", async (section, message) => {
    await expect(parse(section)).rejects.toThrow(message);
  });

  it("settings of no function, and two values of one variable", async () => {
    const functions = [found("f"), found("g")];
    const section = {
      functions: { f: { environment: { A: "1" } }, g: { environment: { A: "2" } }, h: {} },
      alwaysReady: { nobody: 1 },
    };
    const settings = await parse(section);
    expect(adapter.refuse({ app: "shop", functions, settings })).toEqual([
      { function: "h", reason: expect.stringContaining("no such function") },
      { function: "nobody", reason: expect.stringContaining("no such function") },
      { function: "g", reason: expect.stringContaining("A has another value") },
    ]);
  });
});
