import type { InfrastructureInput } from "@anyfn/build";
import type { TriggerKind } from "@anyfn/core";
import { notificationWiring } from "./infrastructure-buckets.ts";
import { busWiring, scheduleWiring, storageWiring } from "./infrastructure-events.ts";
import { functionParts } from "./infrastructure-function.ts";
import { httpParts } from "./infrastructure-http.ts";
import { notifiedWiring, queueWiring, topicWiring } from "./infrastructure-queues.ts";
import { restParts } from "./infrastructure-rest.ts";
import { changesWiring, streamWiring } from "./infrastructure-streams.ts";
import { join, type Parts } from "./infrastructure-template.ts";
import { toTerraform } from "./infrastructure-terraform.ts";
import { type App, NO_SOURCE, toApp, type Unit, type Wiring } from "./infrastructure-units.ts";

/** A template of the Serverless Application Model. */
export interface Template extends Required<Parts> {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Transform: "AWS::Serverless-2016-10-31";
  readonly Description: string;
}

/** The application's infrastructure: `template.json`, or `main.tf.json` for Terraform. */
export function infrastructure(input: InfrastructureInput): Readonly<Record<string, string>> {
  const template = createTemplate(input);
  if (input.iac === "terraform") return { "main.tf.json": toText(toTerraform(input.app, template)) };
  return { "template.json": toText(template) };
}

/** Everything that the functions run on. */
export function createTemplate(input: InfrastructureInput): Template {
  const app = toApp(input);
  const parts = app.units.flatMap((unit) => {
    const wiring = unit.source === NO_SOURCE ? {} : WIRINGS[unit.definition.trigger.kind](unit, app);
    return [wiring, functionParts(unit, app, wiring)];
  });
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Transform: "AWS::Serverless-2016-10-31",
    Description: `The application ${input.app}`,
    ...join([...parts, ...httpParts(app), ...restParts(app)]),
  };
}

const WIRINGS: Readonly<Record<TriggerKind, (unit: Unit, app: App) => Wiring>> = {
  http: () => ({}),
  queue: queueWiring,
  topic: topicWiring,
  schedule: scheduleWiring,
  storage: (unit, app) =>
    unit.source === "eventbridge"
      ? storageWiring(unit, app)
      : unit.source === "s3"
        ? notificationWiring(unit, app)
        : notifiedWiring(unit),
  changes: changesWiring,
  stream: streamWiring,
  bus: busWiring,
  // A call that does not wait for the output is an asynchronous event.
  direct: () => ({ asynchronous: true, deadLetters: true }),
};

/** CloudFormation refuses a section that is empty. */
function toText(document: object): string {
  const sections = Object.entries(document).filter(
    ([, section]) => typeof section === "string" || Object.keys(section).length > 0,
  );
  return `${JSON.stringify(Object.fromEntries(sections), null, 2)}\n`;
}
