import { deployError, operationError, type ServiceError } from "./_errors.ts";
import type { Tags } from "./_place.ts";
import { type Session, until } from "./_session.ts";
import { RESOURCES } from "./_stacks.ts";
import type { StackTemplate } from "./_templates.ts";

/** What Resource Manager says that a template would do to a resource. */
export interface Predicted {
  readonly resourceId: string;
  readonly changeType: "Create" | "Modify" | "Deploy" | "NoChange" | "Ignore" | "Unsupported" | "Delete";
  readonly before?: { readonly tags?: Tags; readonly location?: string };
  readonly after?: unknown;
  readonly delta?: readonly PropertyChange[];
}

interface PropertyChange {
  readonly path: string;
  readonly propertyChangeType: "Create" | "Delete" | "Modify" | "Array" | "NoEffect";
  readonly before?: unknown;
  readonly after?: unknown;
  readonly children?: readonly PropertyChange[] | null;
}

interface Outcome {
  readonly status?: string;
  readonly error?: ServiceError;
  readonly properties?: { readonly changes?: readonly Predicted[] };
}

/**
 * Asks what a template would do; nothing is changed. Resources of the group that the template does not name are left out.
 *
 * @see https://learn.microsoft.com/rest/api/resources/deployments/what-if
 */
export async function predict(
  session: Session,
  name: string,
  { template, parameters }: StackTemplate,
): Promise<readonly Predicted[]> {
  const { ask, place } = session;
  const first = await ask({
    method: "POST",
    url: `${place.group}/providers/Microsoft.Resources/deployments/${name}/whatIf?api-version=${RESOURCES}`,
    body: {
      properties: {
        mode: "Incremental",
        template,
        parameters,
        whatIfSettings: { resultFormat: "FullResourcePayloads" },
      },
    },
  });
  let location = first.header("location");
  const look = async (): Promise<Outcome | undefined> => {
    const answer = await ask({ method: "GET", url: followed(location, place.resourceManager) });
    location = answer.header("location") ?? location;
    return answer.status === 202 ? undefined : answer.json();
  };
  const outcome =
    first.status === 202
      ? await until(session, look, {
          doing: "what the deployment would change",
          every: 2000,
          longest: 600_000,
        })
      : first.json<Outcome>();
  if (outcome.error !== undefined || outcome.status === "Failed") {
    throw operationError("Azure cannot tell what the deployment would change", outcome.error);
  }
  return (outcome.properties?.changes ?? []).filter(({ changeType }) => changeType !== "Ignore");
}

/** What differs, one each: `properties.siteConfig.alwaysReady: 0 → 1`. */
export function detailsOf({ changeType, delta = [] }: Predicted): readonly string[] {
  if (changeType === "Unsupported") return ["Azure cannot tell beforehand whether it changes"];
  return changeType === "Modify" ? delta.flatMap((one) => describeChange(one, "")) : [];
}

function describeChange(change: PropertyChange, parent: string): readonly string[] {
  const { path, propertyChangeType, before, after, children } = change;
  if (propertyChangeType === "NoEffect") return [];
  const place = /^\d+$/.test(path) ? `${parent}[${path}]` : [parent, path].filter(Boolean).join(".");
  // Settings of the app are environment variables: their names are listed, their values never.
  if (place.endsWith("appSettings")) return [`${place}: ${namesOf(change).join(", ") || "changed"}`];
  const inner = (children ?? []).flatMap((child) => describeChange(child, place));
  if (inner.length > 0) return inner;
  const [old, now] = [show(before), show(after)];
  return [old === undefined || now === undefined ? place : `${place}: ${old} → ${now}`];
}

/** Numbers, switches and short words such as sizes; never what could be a key. */
function show(value: unknown): string | undefined {
  if (value === undefined || value === null) return "none";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && /^[\w. -]{1,20}$/.test(value) ? value : undefined;
}

function namesOf({ children, before, after }: PropertyChange): readonly string[] {
  const values = [before, after, ...(children ?? []).flatMap((child) => [child.before, child.after])];
  const names = values.flat().flatMap((value) => {
    const { name } = (value ?? {}) as { readonly name?: unknown };
    return typeof name === "string" ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/** An address that an answer leads to gets the token only where it is Resource Manager's. */
export function followed(location: string | undefined, resourceManager: string): string {
  const { host } = new URL(resourceManager);
  const asked = new URL(location ?? "", resourceManager);
  const isKnown = asked.host === host || asked.host.endsWith(`.${host}`);
  if (isKnown && asked.protocol === new URL(resourceManager).protocol) return asked.href;
  throw deployError(`An answer leads to ${asked.host}, which is not ${host} and gets no token.`);
}
