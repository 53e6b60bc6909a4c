import type { InfrastructureInput, TargetInput } from "@anyfn/build";
import { appPart } from "./_app.ts";
import { toArm } from "./_arm.ts";
import { toTerraform } from "./_azapi.ts";
import { toBicep } from "./_bicep.ts";
import { eventsTemplate, topicParts } from "./_events.ts";
import { sourcePart } from "./_messages.ts";
import { merge, type Plan } from "./_parts.ts";
import { permissionPart } from "./_permissions.ts";
import { property, type Resource, type Template } from "./_template.ts";
import type { AzureBuildSettings } from "./settings.ts";

/** Bicep and the same in Resource Manager's JSON, or Terraform; what needs the functions to exist is in files of its own. */
export function infrastructure(input: InfrastructureInput): Readonly<Record<string, string>> {
  const { main, events } = templatesOf(input);
  if (input.iac === "terraform") {
    return {
      "main.tf.json": toTerraform(main),
      // A folder is one configuration: what comes after the code has its own.
      ...(events === undefined ? {} : { "events/main.tf.json": toTerraform(events) }),
    };
  }
  return {
    "main.bicep": toBicep(main),
    "main.json": toArm(main),
    ...(events === undefined ? {} : { "events.bicep": toBicep(events), "events.json": toArm(events) }),
  };
}

/** What must be there before the code, and what needs the functions to exist. */
export function templatesOf({ app, functions, settings }: TargetInput): {
  readonly main: Template;
  readonly events: Template | undefined;
} {
  const plan: Plan = { app, functions, settings: settings as AzureBuildSettings };
  return { main: mainTemplate(plan), events: eventsTemplate(plan) };
}

function mainTemplate(plan: Plan): Template {
  const sources = merge([
    ...plan.functions.map((fn) => sourcePart(fn, plan)),
    topicParts(plan),
    permissionPart(plan),
  ]);
  const { resources, parameters } = merge([sources, appPart(plan, sources.appSettings)]);
  const site = resources.find(({ symbol }) => symbol === "site") as Resource;
  return {
    parameters,
    resources,
    outputs: { hostName: property(site, "properties.defaultHostName") },
  };
}
