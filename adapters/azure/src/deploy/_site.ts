import { apiVersionOf } from "../build/_types.ts";
import { deployError } from "./_errors.ts";
import type { Tags } from "./_place.ts";
import type { Session } from "./_session.ts";
import { RESOURCES, readStack, type Stack } from "./_stacks.ts";

/** Version of the API of apps. */
export const WEB: string = `api-version=${apiVersionOf("Microsoft.Web/sites")}`;
const SITE = /\/providers\/Microsoft\.Web\/sites\/[^/]+$/i;
const CODE = "anyfn:code";
const PREVIOUS = "anyfn:previous";

/** The app as it is. */
export interface Site {
  readonly id: string;
  readonly name: string;
  /** Where it answers. */
  readonly origin: string;
  /** Where it takes code. */
  readonly publish: string;
  /** Address of the container that it takes its code from. */
  readonly container: string;
  /** Hashes of the zip that serves and of the one before, as far as deployments have noted them. */
  readonly code: string | undefined;
  readonly previous: string | undefined;
}

interface SiteBody {
  readonly id: string;
  readonly name: string;
  readonly tags?: Tags;
  readonly properties: {
    readonly defaultHostName?: string;
    readonly hostNameSslStates?: readonly { readonly name?: string; readonly hostType?: string }[];
    readonly functionAppConfig?: { readonly deployment?: { readonly storage?: { readonly value?: string } } };
  };
}

/** Reads the app of a stack; undefined where there is none yet. */
export async function readSite(session: Session, stack: Stack | undefined): Promise<Site | undefined> {
  const id = stack?.resources.find((one) => SITE.test(one));
  if (id === undefined) return undefined;
  const answer = await session.ask({ method: "GET", url: `${id}?${WEB}`, allow: [404] });
  if (answer.status === 404) return undefined;
  const { name, tags, properties } = answer.json<SiteBody>();
  const { defaultHostName, hostNameSslStates = [], functionAppConfig } = properties;
  // Names of hosts may have a part that Azure chooses, and other clouds have other suffixes.
  const publish = hostNameSslStates.find(({ hostType }) => hostType === "Repository")?.name;
  const container = functionAppConfig?.deployment?.storage?.value;
  if (defaultHostName === undefined || publish === undefined || container === undefined) {
    throw deployError(
      `The app ${name} does not say where it answers and takes code. Is it on Flex Consumption?`,
    );
  }
  const { protocol } = new URL(session.place.resourceManager);
  return {
    id,
    name,
    origin: `${protocol}//${defaultHostName}`,
    publish: `${protocol}//${publish}`,
    container: container.replace(/\/$/, ""),
    code: tags?.[CODE],
    previous: tags?.[PREVIOUS],
  };
}

/** Reads the app of the stage. @throws AnyfnError `deploy` where it is not deployed */
export async function siteOf(session: Session): Promise<Site> {
  const site = await readSite(session, await readStack(session, "main"));
  if (site !== undefined) return site;
  throw deployError("This stage is not deployed. Deploy it first: anyfn deploy --target azure.");
}

/** The tags that deployments leave on an app. */
export function codeTags({ code, previous }: Pick<Site, "code" | "previous">): Tags {
  return {
    ...(code === undefined ? {} : { [CODE]: code }),
    ...(previous === undefined ? {} : { [PREVIOUS]: previous }),
  };
}

/** Notes which code serves. Tags, unlike settings of the app, do not restart it. */
export async function noteCode(session: Session, { id }: Site, tags: Tags): Promise<void> {
  await session.ask({
    method: "PATCH",
    url: `${id}/providers/Microsoft.Resources/tags/default?api-version=${RESOURCES}`,
    body: { operation: "Merge", properties: { tags } },
  });
}

/** Names of the functions that the host has found in the code. */
export async function listFunctions({ ask, place }: Session, { id }: Site): Promise<readonly string[]> {
  const names: string[] = [];
  let url: string | undefined = `${id}/functions?${WEB}`;
  while (url !== undefined) {
    const page: FunctionPage = (await ask({ method: "GET", url })).json();
    names.push(...page.value.map(({ name }) => name.split("/").at(-1) ?? name));
    const next: string | null | undefined = page.nextLink;
    url = next === undefined || next === null ? undefined : pathWithin(next, place.resourceManager);
  }
  return names.sort();
}

interface FunctionPage {
  readonly value: readonly { readonly name: string }[];
  readonly nextLink?: string | null;
}

/** The next page is asked of Resource Manager, whatever host the link names. */
function pathWithin(link: string, resourceManager: string): string {
  const { pathname, search } = new URL(link, resourceManager);
  return `${pathname}${search}`;
}
