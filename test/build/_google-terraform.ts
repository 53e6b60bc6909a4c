import type { DiscoveredFunction } from "@anyfn/build";
import { adapter } from "@anyfn/gcp/build";
import { expect } from "vitest";
import { parse } from "./_cloud-app.ts";

export type Body = { readonly [name: string]: unknown };
type Resources = Readonly<Record<string, Readonly<Record<string, Body>>>>;
export interface Terraform {
  readonly resource: Resources;
  readonly data: Resources;
  readonly variable: Readonly<Record<string, Body>>;
  readonly output: Readonly<Record<string, Body>>;
}

export const SECTION = {
  topics: { "Loud News": { source: "push" } },
  create: ["clicks", "uploads"],
  logRetentionDays: 7,
  buses: {
    audit: { filters: { serviceName: "storage.googleapis.com", methodName: "storage.buckets.create" } },
  },
  environment: { GREETING: "$" + "{not.code} %" + "{nor.this}" },
  functions: {
    fulfil: {
      permissions: [
        { role: "roles/storage.objectViewer", on: "//storage.googleapis.com/projects/_/buckets/labels" },
        { role: "roles/datastore.user", on: "//cloudresourcemanager.googleapis.com/projects/-" },
      ],
    },
    add: { invokers: ["serviceAccount:flow@shop.iam.gserviceaccount.com"] },
  },
};

export async function emit(functions: readonly DiscoveredFunction[], section: object = {}): Promise<string> {
  const input = { app: "shop", functions, settings: await parse(adapter.settings, section) };
  expect(adapter.refuse(input)).toEqual([]);
  const files = adapter.infrastructure?.({ ...input, artifacts: adapter.plan(input), iac: "native" }) ?? {};
  expect(Object.keys(files)).toEqual(["main.tf.json"]);
  return files["main.tf.json"] ?? "";
}

export async function read(
  functions: readonly DiscoveredFunction[],
  section: object = {},
): Promise<Terraform> {
  return JSON.parse(await emit(functions, section)) as Terraform;
}

export const one = (file: Terraform, type: string, name: string): Body => {
  const body = file.resource[type]?.[name];
  if (body === undefined) throw new Error(`There is no ${type}.${name}.`);
  return body;
};
export const config = (file: Terraform, name: string): Body =>
  one(file, "google_cloudfunctions2_function", name).service_config as Body;

export function blocks(resources: Resources, prefix = ""): readonly (readonly [string, string, Body])[] {
  return Object.entries(resources).flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]) => [`${prefix}${type}`, name, body] as const),
  );
}
