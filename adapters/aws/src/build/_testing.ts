import type { DiscoveredFunction, InfrastructureInput } from "@anyfn/build";
import {
  type AnyFunction,
  bus,
  changes,
  defineFunction,
  direct,
  http,
  queue,
  schedule,
  storage,
  stream,
  topic,
} from "@anyfn/core";
import { createTemplate, type Template } from "./infrastructure.ts";
import type { AwsSettings } from "./settings.ts";

const handler = () => undefined;
const cors = { origins: "*" } as const;

/** Functions of every trigger, for tests; what they do does not matter. */
export const DEFINITIONS: Readonly<Record<string, AnyFunction>> = {
  "get-item": defineFunction({ trigger: http.get("/items/{id}"), handler }),
  "put-item": defineFunction({ trigger: http.put("/items/{id}", { cors }), timeout: 20, handler }),
  files: defineFunction({ trigger: http.any("/files/{path+}"), handler }),
  export: defineFunction({ trigger: http.get("/export"), timeout: 300, handler }),
  "fulfil-fast": defineFunction({ trigger: queue("orders"), timeout: 20, memory: 1024, handler }),
  payments: defineFunction({ trigger: queue("payments", { batchSize: 100 }), handler }),
  ship: defineFunction({ trigger: topic("shipments"), handler }),
  audit: defineFunction({ trigger: topic("audits", { batchSize: 5 }), handler }),
  nightly: defineFunction({ trigger: schedule("0 2 * * MON-FRI", { timeZone: "Europe/Berlin" }), handler }),
  hourly: defineFunction({ trigger: schedule("0 * * * *"), handler }),
  resize: defineFunction({ trigger: storage("images", { prefix: "raw/", suffix: ".png" }), handler }),
  forget: defineFunction({
    trigger: storage("papers", { on: ["deleted", "metadata"], prefix: "old/" }),
    handler,
  }),
  scan: defineFunction({ trigger: storage("uploads", { on: ["created", "archived"] }), handler }),
  index: defineFunction({ trigger: storage("books"), handler }),
  "on-customer": defineFunction({ trigger: changes("customers", { on: ["updated"] }), handler }),
  "on-click": defineFunction({ trigger: stream("clicks"), handler }),
  "on-log": defineFunction({ trigger: stream("logs"), handler }),
  "on-order": defineFunction({
    trigger: bus("shop", { types: ["order.placed"], sources: ["shop"] }),
    handler,
  }),
  "on-any": defineFunction({ trigger: bus("default"), handler }),
  vat: defineFunction({ trigger: direct(), handler }),
};

/** Sources that are not the default ones. */
export const SOURCES_SET: Readonly<NonNullable<AwsSettings["functions"]>> = {
  audit: { source: "sns-sqs" },
  "fulfil-fast": { source: "sqs-fifo" },
  hourly: { source: "rule" },
  forget: { source: "s3" },
  scan: { source: "sns" },
  index: { source: "sqs" },
  "on-log": { source: "logs" },
};

/** Everything that can be created. */
export const CREATED: readonly string[] = [
  "orders",
  "payments",
  "shipments",
  "audits",
  "images",
  "papers",
  "customers",
  "clicks",
  "shop",
];

/** What the build hands over to the adapter. */
export function inputOf(
  definitions: Readonly<Record<string, AnyFunction>>,
  settings: AwsSettings = {},
  iac: InfrastructureInput["iac"] = "native",
): InfrastructureInput {
  const functions = Object.entries(definitions).map(
    ([name, definition]): DiscoveredFunction => ({
      name,
      exportName: name,
      file: "/project/src/functions.ts",
      line: 1,
      column: 1,
      definition,
    }),
  );
  const artifacts = functions.map(({ name }) => ({ directory: name, functions: [name], zip: `${name}.zip` }));
  return { app: "shop", functions, settings, artifacts, iac };
}

/** Nothing is created, and everything has the source that the functions are for. */
export const GIVEN: AwsSettings = { functions: { ...SOURCES_SET, forget: {} } };

/** Everything is created. */
export const CREATING: AwsSettings = { create: CREATED, functions: SOURCES_SET };

/** A REST API takes the requests, one of which streams. */
export const REST: AwsSettings = {
  front: "rest-api",
  functions: { ...GIVEN.functions, export: { streaming: true } },
};

/** The template as it is written: JSON has no undefined members. */
export function templateOf(
  settings: AwsSettings = {},
  definitions: Readonly<Record<string, AnyFunction>> = DEFINITIONS,
): Template {
  return JSON.parse(JSON.stringify(createTemplate(inputOf(definitions, settings))));
}

/** The template of one function, called `fn`. */
export function alone(definition: AnyFunction, settings: AwsSettings = {}): Template {
  return templateOf(settings, { fn: definition });
}

/** The properties of a resource; none where it is not there. */
export function propertiesOf(template: Template, id: string): Readonly<Record<string, unknown>> {
  return template.Resources[id]?.Properties ?? {};
}

/** The resources of a type. */
export function ofType(template: Template, type: string): [string, Template["Resources"][string]][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** A reference to an attribute. */
export const arn = (id: string, attribute = "Arn"): object => ({ "Fn::GetAtt": [id, attribute] });

/** A statement that allows actions on one resource. */
export const can = (actions: readonly string[], resource: unknown): object => ({
  Effect: "Allow",
  Action: actions,
  Resource: [resource],
});

/** The statement that lets a function keep what it could not handle. */
export const canKeep = (id: string): object => can(["sqs:SendMessage"], arn(`${id}DeadLetters`));
