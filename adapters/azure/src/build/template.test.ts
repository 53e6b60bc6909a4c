import { describe, expect, it } from "vitest";
import { toArm } from "./_arm.ts";
import { toBicep } from "./_bicep.ts";
import { identifier, make } from "./_parts.ts";
import { call, id, join, parameter, type Resource, sortResources, type Template } from "./_template.ts";

const KEYS = "Microsoft.KeyVault/vaults";
const vault: Resource = make("vault", KEYS, { name: "v", body: { location: "here" } });
const template = (...resources: readonly Resource[]): Template => ({
  parameters: [],
  resources,
  outputs: {},
});
const resourcesOf = (...resources: readonly Resource[]): unknown =>
  JSON.parse(toArm(template(...resources))).resources;

describe("texts", () => {
  const odd = `it's {0} \${x} \\`;

  it("are the same text in both languages, alone and beside expressions", () => {
    const one = make("one", KEYS, {
      name: "n",
      body: { plain: odd, list: "[1]", joined: join(odd, parameter("p")) },
    });
    expect(resourcesOf(one)).toMatchObject([
      { plain: odd, list: "[[1]", joined: `[format('it''s {{0}} $\{{x}} \\{0}', parameters('p'))]` },
    ]);
    const lines = [String.raw`  plain: 'it\'s {0} \$`, "  list: '[1]'", String.raw`  joined: 'it\'s {0} \$`];
    const bicep = toBicep(template(one));
    for (const line of lines) expect(bicep).toContain(line);
    expect(bicep).toContain(`{x} \\\\$\{p}'`);
  });

  it("name a child by all that it is in", () => {
    const child = make("child", `${KEYS}/secrets`, { name: join("s-", parameter("p")), parent: vault });
    expect(resourcesOf(child)).toMatchObject([
      {
        name: "[format('v/s-{0}', parameters('p'))]",
        dependsOn: ["[resourceId('Microsoft.KeyVault/vaults', 'v')]"],
      },
      { name: "v" },
    ]);
  });
});

describe("resources", () => {
  it("depend on what they belong to and name, unless it exists", () => {
    const role = (scope: Resource): Resource =>
      make("role", "Microsoft.Authorization/roleAssignments", { name: "r", scope });
    const dependsOn = ["[resourceId('Microsoft.KeyVault/vaults', 'v')]"];
    expect(resourcesOf(vault, role(vault))).toMatchObject([{ dependsOn, scope: dependsOn[0] }, {}]);
    expect(resourcesOf(role({ ...vault, existing: true }))).toEqual([
      expect.not.objectContaining({ dependsOn: expect.anything() }),
    ]);
    const other = make("other", KEYS, { name: call("guid", id(vault)) });
    expect(resourcesOf(other, vault)).toMatchObject([{ dependsOn }, {}]);
  });

  it("are one where one function finds what another one makes", () => {
    expect(sortResources([{ ...vault, existing: true }, vault])).toEqual([vault]);
    expect(sortResources([vault, { ...vault, existing: true }])).toEqual([vault]);
    expect(() => sortResources([vault, { ...vault, name: "w" }])).toThrow("Two resources are called vault");
  });

  it("have names of their own", () => {
    expect(["a-b", "aB", "A b", "1st", "x.y"].map(identifier)).toEqual([
      "a_b",
      "aB",
      expect.stringMatching(/^A_b_[\da-f]{6}$/),
      "_1st",
      expect.stringMatching(/^x_y_[\da-f]{6}$/),
    ]);
  });
});
