import type { DiscoveredFunction } from "@anyfn/build";
import { bus, direct, http, queue, storage, stream, topic } from "@anyfn/core";
import { beforeAll, describe, expect, it } from "vitest";
import { compareWith } from "./_arguments.ts";
import { AZURE_PROPERTIES } from "./_azure-properties.ts";
import {
  appSettings,
  emit,
  emitBoth,
  type Files,
  FUNCTIONS,
  HOST_ROLES,
  main,
  rolesOf,
  SECTION,
} from "./_azure-templates.ts";
import { EVERY, found } from "./_cloud-app.ts";
import { readArm, readBicep } from "./_template-reader.ts";

let files: Files;
let created: Files;
beforeAll(async () => {
  ({ files, created } = await emitBoth());
});

const both = () => [
  ...["main", "events"].map((name) => ["existing", name, files] as const),
  ...["main", "events"].map((name) => ["created", name, created] as const),
];

interface Terraform {
  readonly resource: Readonly<Record<string, Readonly<Record<string, { readonly type: string }>>>>;
}

describe("the two languages", () => {
  it("say the same of every resource, parameter and output", () => {
    for (const [, name, emitted] of both()) {
      const bicep = readBicep(emitted[`${name}.bicep`] ?? "");
      const arm = readArm(emitted[`${name}.json`] ?? "");
      expect(arm.resources.map(({ needs: _needs, ...resource }) => resource)).toEqual(bicep.resources);
      expect(arm.parameters).toEqual(bicep.parameters);
      expect(arm.outputs).toEqual(bicep.outputs);
      expect(arm.resources.length).toBeGreaterThan(5);
    }
  });

  it("use the properties that the services know, and those that they need", () => {
    for (const [, name, emitted] of both()) {
      const problems = readArm(emitted[`${name}.json`] ?? "").resources.flatMap(
        ({ type, name: own, body }) => {
          const known =
            AZURE_PROPERTIES[
              type === "Microsoft.EventGrid/topics/eventSubscriptions"
                ? "Microsoft.EventGrid/systemTopics/eventSubscriptions"
                : type
            ];
          return known === undefined ? [`no type ${type}`] : compareWith(known, body, `${type} ${own}`);
        },
      );
      expect(problems).toEqual([]);
    }
  });

  it("make each resource once, after all that it names and that is made", () => {
    for (const [, name, emitted] of both()) {
      const { resources } = readArm(emitted[`${name}.json`] ?? "");
      const ids = resources.map(({ type, name: own }) => `id(${[type, ...own.split("/")].join(",")})`);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { type, name: own, scope, body, needs } of resources) {
        const parent = `id(${[type.split("/").slice(0, -1).join("/"), ...own.split("/").slice(0, -1)].join(",")})`;
        const text = JSON.stringify([body, scope, parent]);
        const named = ids.filter(
          (id) => text.includes(id) && id !== `id(${[type, ...own.split("/")].join(",")})`,
        );
        for (const id of named) expect(needs).toContain(id);
        for (const need of needs) expect(ids).toContain(need);
      }
    }
  });

  it("have the same in Terraform, besides what Azure makes by itself", async () => {
    const terraform = await emitBoth("terraform");
    for (const [native, emitted] of [
      [files, terraform.files],
      [created, terraform.created],
    ] as const) {
      for (const [name, path] of [
        ["main", "main.tf.json"],
        ["events", "events/main.tf.json"],
      ] as const) {
        const { resource }: Terraform = JSON.parse(emitted[path] ?? "");
        const types = Object.values(resource)
          .flatMap((named) => Object.values(named))
          .map(({ type }) => type);
        const { resources } = readArm(native[`${name}.json`] ?? "");
        const made = resources.filter(({ type }) => !/\/(?:blob|queue)Services$/.test(type));
        expect(types.sort()).toEqual(made.map(({ type, apiVersion }) => `${type}@${apiVersion}`).sort());
      }
    }
  });

  it("name the parameters that there are", () => {
    for (const [, name, emitted] of both()) {
      const text = emitted[`${name}.json`] ?? "";
      const names = readArm(text).parameters.map(([parameter]) => parameter);
      const used = [...text.matchAll(/parameters\('(\w+)'\)/g)].map(([, parameter = ""]) => parameter);
      expect(used.filter((parameter) => !names.includes(parameter))).toEqual([]);
    }
  });

  it("are the same for the same functions in any order, with no place of this machine and no secret", async () => {
    expect(await emit([...FUNCTIONS].reverse(), SECTION)).toEqual(files);
    const text = JSON.stringify(created);
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("/app/");
    expect(text).not.toMatch(/listKeys\([^)]*storageAccounts|AccountKey|SharedAccessKey=/);
  });

  it("take what users wrote as it is", () => {
    const { GREETING } = appSettings(readArm(files["main.json"] ?? ""));
    expect(GREETING).toBe(SECTION.environment.GREETING);
  });
});

describe("rights", () => {
  it("of an app with HTTP functions are the host's own", async () => {
    expect(rolesOf(await main([found("f", http.get("/f"))]))).toEqual(HOST_ROLES);
  });

  const FN = "f";
  it.each<[string, DiscoveredFunction, object, readonly string[]]>([
    [
      "a Storage Queue",
      found(FN, queue("orders")),
      {},
      ["queues orders: Queue Processor", "queues orders: Queue Reader", "queues orders-poison: Queue Sender"],
    ],
    [
      "a queue of Service Bus",
      found(FN, queue("orders")),
      { queues: { orders: { source: "service-bus" } } },
      ["queues orders: Bus Receiver"],
    ],
    ["a subscription of Service Bus", found(FN, topic("news")), {}, ["subscriptions f: Bus Receiver"]],
    ["Event Hubs", found(FN, stream("clicks")), {}, ["eventhubs clicks: Hubs Receiver"]],
    ["Kafka", found(FN, stream("clicks")), { streams: { clicks: { source: "kafka" } } }, []],
    ["Event Grid's blob events", found(FN, storage("images")), {}, []],
    ["a bus", found(FN, bus("all")), {}, []],
    [
      "blobs of the app's own account",
      found(FN, storage("images")),
      { storage: { images: { source: "blob" } } },
      ["storageAccounts <storageName>: Queue Contributor"],
    ],
    [
      "blobs of another account",
      found(FN, storage("images")),
      { storage: { images: { source: "blob", connection: "Images" } } },
      [
        "containers images: Blob Reader",
        "queues webjobs-blobtrigger-poison: Queue Sender",
        "storageAccounts <storageName>: Queue Contributor",
      ],
    ],
    [
      "a Durable activity",
      found(FN, direct()),
      { direct: { [FN]: { source: "activity" } } },
      ["storageAccounts <storageName>: Queue Contributor"],
    ],
  ])("of %s are exact", async (_title, fn, section, roles) => {
    expect(rolesOf(await main([fn], section))).toEqual([...HOST_ROLES, ...roles].sort());
  });

  it("of the change feed are Cosmos DB's own, on one database", async () => {
    const { resources } = await main(EVERY.filter(({ name }) => name === "index"));
    const role = resources.filter(({ type }) => type.endsWith("/sqlRoleAssignments"));
    const account = "id(Microsoft.DocumentDB/databaseAccounts,<CosmosDBConnectionAccount>)";
    expect(role.map(({ body }) => body.properties)).toEqual([
      {
        roleDefinitionId: `${account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
        principalId:
          "id(Microsoft.ManagedIdentity/userAssignedIdentities,<name>-identity)#properties.principalId",
        scope: `${account}/dbs/<CosmosDBDatabaseSetting>`,
      },
    ]);
  });

  it("are given to the one identity, under names that stay", () => {
    const { resources } = readArm(files["main.json"] ?? "");
    const identity = "id(Microsoft.ManagedIdentity/userAssignedIdentities,<name>-identity)";
    for (const { name, scope, body } of resources.filter(({ type }) => type.endsWith("roleAssignments"))) {
      if (scope !== undefined) {
        expect(name).toMatch(/^guid\(id\(.*,[\da-f-]{36}\)$/);
        expect(name).toContain(`${scope},${identity},`);
        // Without it a new identity may not be found.
        expect(body.properties).toMatchObject({ principalType: "ServicePrincipal" });
      }
      expect(body.properties).toMatchObject({ principalId: `${identity}#properties.principalId` });
    }
    expect(rolesOf(readArm(files["main.json"] ?? ""))).toContain("containers labels: Blob Reader");
  });
});
