import { deployError, operationError, type ServiceError } from "./_errors.ts";
import { isOurs, type StackName, type Tags } from "./_place.ts";
import { describe } from "./_resources.ts";
import { type Session, until } from "./_session.ts";
import type { StackTemplate } from "./_templates.ts";

/** Version of the API of resource groups, deployments and tags. */
export const RESOURCES = "2021-04-01";
const STACKS = "2024-03-01";
const HASH = "anyfn:template";

/** A deployment stack as it is. https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks */
export interface Stack {
  readonly state: string;
  /** Ids of all that it manages. */
  readonly resources: readonly string[];
  /** Of the template that was last deployed. */
  readonly hash: string | undefined;
}

interface StackBody {
  readonly tags?: Tags;
  readonly properties: {
    readonly provisioningState?: string;
    readonly error?: ServiceError;
    readonly resources?: readonly { readonly id?: string }[];
    readonly failedResources?: readonly { readonly id?: string; readonly error?: ServiceError }[];
  };
}

/** Reads a stack. @throws AnyfnError `deploy` where it is another application's, or being deployed */
export async function readStack(session: Session, name: StackName): Promise<Stack | undefined> {
  const body = await getStack(session, name);
  if (body === undefined) return undefined;
  const { place } = session;
  const title = place.stacks[name];
  if (!isOurs(place, body.tags)) {
    throw deployError(
      `The resource group has a deployment stack ${title} that is not this stage's. Choose another stage or resource group.`,
    );
  }
  const { provisioningState: state = "", resources = [] } = body.properties;
  if (!isFinal(state)) {
    throw deployError(
      `Another deployment of this stage is going on (${title}: ${state}). Wait for it, then run the same command again.`,
    );
  }
  return { state, resources: resources.flatMap(({ id }) => id ?? []), hash: body.tags?.[HASH] };
}

/** Whether a stack was last deployed, and wholly, with a template. */
export function isCurrent(stack: Stack | undefined, { hash }: StackTemplate): boolean {
  return stack?.state === "succeeded" && stack.hash === hash;
}

/** Deploys a template as a stack, which deletes what it managed and is no longer in the template. */
export async function putStack(
  session: Session,
  name: StackName,
  { template, parameters, hash }: StackTemplate,
  tell: (doing: string) => void,
): Promise<void> {
  const { place, ask } = session;
  await ask({
    method: "PUT",
    url: pathOf(session, name),
    body: {
      tags: { ...place.tags, [HASH]: hash },
      properties: {
        template,
        parameters,
        actionOnUnmanage: { resources: "delete", resourceGroups: "detach", managementGroups: "detach" },
        denySettings: { mode: "none" },
      },
    },
  });
  const title = place.stacks[name];
  const { properties } = await until(
    session,
    async () => {
      const body = await getStack(session, name);
      return body !== undefined && isFinal(body.properties.provisioningState) ? body : undefined;
    },
    { doing: `deployment stack ${title}`, tell, longest: 3_600_000 },
  );
  if (properties.provisioningState !== "succeeded") throw failureOf(title, properties);
}

/** Deploys a template and deletes nothing: what is no longer in it still serves the code from before. */
export async function deployTemplate(
  session: Session,
  name: StackName,
  { template, parameters }: StackTemplate,
  tell: (doing: string) => void,
): Promise<void> {
  const { place, ask } = session;
  const title = place.stacks[name];
  const url = `${place.group}/providers/Microsoft.Resources/deployments/${title}?api-version=${RESOURCES}`;
  await ask({
    method: "PUT",
    url,
    body: { tags: place.tags, properties: { mode: "Incremental", template, parameters } },
  });
  const { properties } = await until(
    session,
    async () => {
      const body = (await ask({ method: "GET", url })).json<StackBody>();
      return isFinal(body.properties.provisioningState) ? body : undefined;
    },
    { doing: `deployment ${title}`, tell, longest: 3_600_000 },
  );
  if (properties.provisioningState?.toLowerCase() !== "succeeded") throw failureOf(title, properties);
}

/** Deletes a stack and all that it manages, but never the resource group. */
export async function deleteStack(
  session: Session,
  name: StackName,
  tell: (doing: string) => void,
): Promise<void> {
  const { place, ask } = session;
  const actions =
    "Resources=delete&unmanageAction.ResourceGroups=detach&unmanageAction.ManagementGroups=detach";
  await ask({ method: "DELETE", url: `${pathOf(session, name)}&unmanageAction.${actions}`, allow: [404] });
  const title = place.stacks[name];
  const left = await until(
    session,
    async () => {
      const body = await getStack(session, name);
      if (body === undefined) return "nothing";
      return isFinal(body.properties.provisioningState) ? body : undefined;
    },
    { doing: `the deletion of deployment stack ${title}`, tell, longest: 3_600_000 },
  );
  if (left !== "nothing") throw failureOf(title, left.properties);
}

async function getStack(session: Session, name: StackName): Promise<StackBody | undefined> {
  const answer = await session.ask({ method: "GET", url: pathOf(session, name), allow: [404] });
  if (answer.status !== 404) return answer.json<StackBody>();
  const { code, message } = answer.json<{ readonly error?: ServiceError }>().error ?? {};
  if (code !== "ResourceGroupNotFound") return undefined;
  const { resourceGroup, location = "<region>" } = session.place;
  throw deployError(
    `${message ?? `There is no resource group ${resourceGroup}.`} Create it: az group create --name ${resourceGroup} --location ${location}`,
  );
}

function pathOf({ place }: Session, name: StackName): string {
  return `${place.group}/providers/Microsoft.Resources/deploymentStacks/${place.stacks[name]}?api-version=${STACKS}`;
}

function isFinal(state: string | undefined): boolean {
  return /^(?:succeeded|failed|canceled)$/i.test(state ?? "");
}

function failureOf(title: string, { error, failedResources = [] }: StackBody["properties"]): Error {
  const details = failedResources.map(({ id = "", error: inner }) => {
    const { kind, name } = describe(id);
    return {
      message: `${kind} ${name}`,
      details: inner === undefined ? [] : [nameError(`${kind} ${name}`, inner)],
    };
  });
  return operationError(
    `The deployment ${title} failed`,
    details.length === 0 ? error : { ...error, details: [...(error?.details ?? []), ...details] },
  );
}

function nameError(name: string, { code, message, details }: ServiceError): ServiceError {
  const words = [code, message].filter(Boolean).join(": ");
  return details === undefined || details.length === 0
    ? { ...(code === undefined ? {} : { code }), message: `${name}: ${words}` }
    : { details };
}
