import type { StageInput } from "@anyfn/build";
import { hash } from "../build/_terraform.ts";
import type { GcpSettings } from "../build/settings.ts";
import type { Json } from "./_answer.ts";
import { deployError } from "./_errors.ts";

/** Where a stage is, and how what belongs to it is marked. */
export interface Place {
  readonly app: string;
  readonly stage: string;
  readonly project: string;
  readonly region: string;
}

/**
 * Project and region: given with the command, else by the environment, else by the settings.
 *
 * @throws AnyfnError `deploy` that says how to name them.
 */
export function placeOf({ app, stage, parameters, settings, environment }: StageInput): Place {
  const own = settings as GcpSettings;
  const project =
    parameters.project || environment.GOOGLE_CLOUD_PROJECT || own.parameters.project || own.project;
  const region = parameters.region || environment.GOOGLE_CLOUD_REGION || own.parameters.region || own.region;
  const missing = [
    ...(project
      ? []
      : ["the project: `targets.gcp.project` in the settings, or GOOGLE_CLOUD_PROJECT=shop-123"]),
    ...(region
      ? []
      : ["the region: `targets.gcp.region` in the settings, or GOOGLE_CLOUD_REGION=europe-west1"]),
  ];
  if (project && region) return { app, stage, project, region };
  throw deployError(`Google Cloud needs to know where to deploy. Name ${missing.join(", and ")}.`);
}

/** `project shop-123, europe-west1` */
export function describePlace({ project, region }: Place): string {
  return `project ${project}, ${region}`;
}

/** The labels of all that carries labels. */
export function labelsOf({ app, stage, region }: Place): Readonly<Record<string, string>> {
  return { "anyfn-app": labelOf(app), "anyfn-stage": stage, "anyfn-region": region };
}

/** The description of what carries no labels. */
export function descriptionOf({ app, stage, region }: Place): string {
  return `anyfn: app ${labelOf(app)}, stage ${stage}, region ${region}`;
}

/** Whether something was made for this stage of this application. */
export function isOurs(place: Place, { labels, description }: Json): boolean {
  if (description === descriptionOf(place)) return true;
  const found = (labels ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(labelsOf(place)).every(([name, value]) => found[name] === value);
}

/** A path with the project's id, also where a service gives the number. */
export function within({ project }: Place, path: string): string {
  return path.replace(/^projects\/[^/]+\//, `projects/${project}/`);
}

/** A label has 63 characters. */
function labelOf(text: string): string {
  return text.length <= 63 ? text : `${text.slice(0, 54)}-${hash(text, 8)}`;
}
