import { createHash } from "node:crypto";
import type { StageInput } from "@anyfn/build";
import { toArm } from "../build/_arm.ts";
import { templatesOf } from "../build/infrastructure.ts";
import type { AzureBuildSettings } from "../build/settings.ts";
import { deployError } from "./_errors.ts";
import { type Place, placeOf, type StackName, type Tags } from "./_place.ts";

/** A resource of a template in Resource Manager's JSON. */
export interface ArmResource {
  readonly type: string;
  readonly name: string;
  readonly location?: unknown;
  readonly condition?: boolean;
  readonly tags?: Tags;
}

/** What a stack is made of. */
export interface StackTemplate {
  readonly template: { readonly resources: readonly ArmResource[] };
  readonly parameters: Readonly<Record<string, { readonly value: string | number }>>;
  /** The same for the same template and parameters. */
  readonly hash: string;
}

interface Arm {
  readonly parameters: Readonly<Record<string, ArmParameter>>;
  readonly resources: readonly ArmResource[];
}

interface ArmParameter {
  readonly type: "string" | "int";
  readonly defaultValue?: unknown;
  readonly metadata: { readonly description: string };
}

/**
 * The templates that `anyfn build` writes, with the stage in the app's name and on everything that can have tags.
 *
 * @throws AnyfnError `deploy` that lists the parameters without a value
 */
export function stackTemplates(
  input: StageInput,
): Readonly<Record<"main", StackTemplate>> & Readonly<Partial<Record<StackName, StackTemplate>>> {
  const place = placeOf(input);
  const { main, events } = templatesOf({ ...input, app: place.app });
  const templates = [main, ...(events === undefined ? [] : [events])].map(
    (template) => JSON.parse(toArm(template)) as Arm,
  );
  const given = valuesOf(input, place);
  refuseParameters(templates, given);
  const [mainStack, eventsStack] = templates.map((arm) => toStack(arm, given, place));
  if (mainStack === undefined) throw deployError("There is no template.");
  return { main: mainStack, ...(eventsStack === undefined ? {} : { events: eventsStack }) };
}

/** With the tags that a deployment has left on the app, which a stack would take away. */
export function keepTags({ template, ...rest }: StackTemplate, kept: Tags): StackTemplate {
  const resources = template.resources.map((resource) =>
    resource.type === "Microsoft.Web/sites" ? { ...resource, tags: { ...kept, ...resource.tags } } : resource,
  );
  return { ...rest, template: { ...template, resources } };
}

/** Without what exists already and is not the stage's: what a stack manages, it deletes one day. */
export function leaveOut(stack: StackTemplate, ids: readonly string[]): StackTemplate {
  const foreign = new Set(ids.map((id) => id.toLowerCase()));
  const resources = stack.template.resources.map((resource) => {
    const name = readName(resource.name, stack.parameters);
    const isForeign = name !== undefined && foreign.has(pathOf(resource.type, name).toLowerCase());
    return isForeign ? { ...resource, condition: false } : resource;
  });
  return { ...stack, template: { ...stack.template, resources } };
}

/** `Microsoft.X/a/b` and `one/two`, as in ids: `Microsoft.X/a/one/b/two`. */
function pathOf(type: string, name: string): string {
  const [provider, ...types] = type.split("/");
  const names = name.split("/");
  return [provider, ...types.flatMap((one, index) => [one, names[index] ?? ""])].join("/");
}

/** A name that parameters alone decide; undefined for others. */
function readName(name: string, parameters: StackTemplate["parameters"]): string | undefined {
  if (!name.startsWith("[")) return name;
  const value = (parameter: string): string | undefined => {
    const found = parameters[parameter]?.value;
    return found === undefined ? undefined : String(found);
  };
  const single = /^\[parameters\('(\w+)'\)\]$/.exec(name)?.[1];
  if (single !== undefined) return value(single);
  const [, format, rest = ""] =
    /^\[format\('((?:[^']|'')*)'((?:, parameters\('\w+'\))+)\)\]$/.exec(name) ?? [];
  if (format === undefined) return undefined;
  const values = [...rest.matchAll(/'(\w+)'/g)].map(([, parameter = ""]) => value(parameter));
  if (values.includes(undefined)) return undefined;
  return format.replaceAll("''", "'").replace(/\{(\d+)\}/g, (_, index) => values[Number(index)] ?? "");
}

function valuesOf(
  { parameters, settings }: StageInput,
  { location }: Place,
): Readonly<Record<string, string>> {
  const configured = (settings as AzureBuildSettings).parameters;
  return { ...(location === undefined ? {} : { location }), ...configured, ...parameters };
}

function toStack(arm: Arm, given: Readonly<Record<string, string>>, { tags }: Place): StackTemplate {
  const values = Object.entries(arm.parameters).flatMap(([name, { type }]) => {
    const value = given[name];
    return value === undefined ? [] : [[name, { value: type === "int" ? Number(value) : value }] as const];
  });
  // Resources with a place of their own can have tags; others belong to one of these.
  const resources = arm.resources.map((one) => (one.location === undefined ? one : { ...one, tags }));
  const template = { ...arm, resources };
  const parameters = Object.fromEntries(values);
  const hash = createHash("sha256")
    .update(JSON.stringify([template, parameters]))
    .digest("hex");
  return { template, parameters, hash };
}

function refuseParameters(templates: readonly Arm[], given: Readonly<Record<string, string>>): void {
  const declared = Object.assign({}, ...templates.map(({ parameters }) => parameters)) as Arm["parameters"];
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    const names = Object.keys(declared).sort().join(", ");
    throw deployError(`There is no parameter ${unknown.join(", ")}. There are: ${names}.`);
  }
  const wrong = Object.entries(declared).filter(
    ([name, { type }]) => type === "int" && given[name] !== undefined && !/^\d+$/.test(given[name]),
  );
  if (wrong.length > 0) {
    throw deployError(`These parameters must be whole numbers: ${wrong.map(([name]) => name).join(", ")}.`);
  }
  const missing = Object.entries(declared).filter(
    ([name, { defaultValue }]) => defaultValue === undefined && given[name] === undefined,
  );
  if (missing.length === 0) return;
  const lines = missing.map(([name, { metadata }]) => `  ${name}: ${metadata.description}`).sort();
  throw deployError(
    `These parameters need values:\n${lines.join("\n")}\n` +
      "Give each with --parameter name=value or in the target's setting `parameters`, or have what `create` lists made.",
  );
}
