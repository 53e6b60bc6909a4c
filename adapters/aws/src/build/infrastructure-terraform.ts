import type { Template } from "./infrastructure.ts";
import { hashOf } from "./infrastructure-template.ts";
import type { Block } from "./infrastructure-terraform-blocks.ts";
import { type Expressions, expressionsOf, label } from "./infrastructure-terraform-expressions.ts";
import { RESOURCES } from "./infrastructure-terraform-resources.ts";

/** The infrastructure in Terraform's JSON: the same resources as the template's, for the provider of AWS. */
export function toTerraform(app: string, template: Template): Block {
  const expressions = expressionsOf(template);
  const resources = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const translate = RESOURCES[resource.Type];
    if (translate === undefined) throw new Error(`${resource.Type} has no translation.`);
    return translate(id, resource, expressions);
  });
  const types = [...new Set(resources.map(({ type }) => type))].sort();
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "~> 6.66" } } },
    data: {
      aws_caller_identity: { current: {} },
      aws_partition: { current: {} },
      aws_region: { current: {} },
    },
    variable: { name: nameVariable(app), ...variablesOf(template) },
    resource: Object.fromEntries(
      types.map((type) => [
        type,
        Object.fromEntries(
          resources.filter((one) => one.type === type).map(({ name, body }) => [name, body]),
        ),
      ]),
    ),
    output: outputsOf(template, expressions),
  };
}

/** Names of AWS are up to 64 characters long, and start with this one. */
function nameVariable(app: string): Block {
  return {
    type: "string",
    description: "Start of all names, such as the application's name and its stage",
    default: app.length <= 30 ? app : `${app.slice(0, 21)}-${hashOf(app)}`,
    validation: {
      condition: `\${can(regex("^[a-z][a-z0-9-]{0,29}$", var.name))}`,
      error_message: "A name has 30 lower-case letters, digits and dashes at most.",
    },
  };
}

function variablesOf({ Parameters }: Template): Block {
  return Object.fromEntries(
    Object.entries(Parameters).map(([id, { Description: description, Default, AllowedPattern }]) => [
      label(id),
      {
        type: "string",
        description,
        ...(Default === undefined ? {} : { default: Default }),
        ...(AllowedPattern === undefined ? {} : { validation: validationOf(label(id), AllowedPattern) }),
      },
    ]),
  );
}

function validationOf(name: string, pattern: string): Block {
  return {
    condition: `\${can(regex("^${pattern}$", var.${name}))}`,
    error_message: `The value must match ${pattern}.`,
  };
}

function outputsOf({ Outputs }: Template, { text }: Expressions): Block {
  return Object.fromEntries(
    Object.entries(Outputs).map(([id, { Description: description, Value }]) => [
      label(id),
      { description, value: text(Value) },
    ]),
  );
}
