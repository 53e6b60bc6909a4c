import { createHash } from "node:crypto";
import type { StageInput } from "@anyfn/build";
import type { AzureBuildSettings } from "../build/settings.ts";
import { deployError } from "./_errors.ts";

/** Where a stage is, and what it is called there. */
export interface Place {
  /** Path of the resource group. */
  readonly group: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly location: string | undefined;
  /** Origin of Azure Resource Manager. */
  readonly resourceManager: string;
  /** Origin of the queries of logs. */
  readonly logs: string;
  /** Name of the app as templates have it. */
  readonly app: string;
  /** Names of the deployment stacks: of the app, and of what needs its functions to exist. */
  readonly stacks: Readonly<Record<StackName, string>>;
  /** On everything that can have tags. */
  readonly tags: Tags;
}

/** Events come after the code: Event Grid asks the functions whether they want them. */
export type StackName = "main" | "events";
export type Tags = Readonly<Record<string, string>>;

/** Reads it from the settings and, where they are silent, from the environment. @throws AnyfnError `deploy` */
export function placeOf({ app, stage, settings, environment }: StageInput): Place {
  const given = settings as AzureBuildSettings;
  const subscription = given.subscription ?? environment.AZURE_SUBSCRIPTION_ID ?? "";
  const resourceGroup = given.resourceGroup ?? environment.AZURE_RESOURCE_GROUP ?? "";
  const missing = [
    ...(subscription === ""
      ? ["the subscription (targets.azure.subscription, or AZURE_SUBSCRIPTION_ID)"]
      : []),
    ...(resourceGroup === ""
      ? ["the resource group (targets.azure.resourceGroup, or AZURE_RESOURCE_GROUP)"]
      : []),
  ];
  if (missing.length > 0) throw deployError(`Nothing tells where to deploy. Set ${missing.join(" and ")}.`);
  const { resourceManager = "https://management.azure.com", logs = "https://api.loganalytics.io" } =
    given.endpoints ?? {};
  const stack = `anyfn-${shorten(app, 50)}-${stage}`;
  return {
    group: `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`,
    subscription,
    resourceGroup,
    location: given.location ?? environment.AZURE_LOCATION,
    resourceManager: new URL(resourceManager).origin,
    logs: new URL(logs).origin,
    // Templates cut names after 40 characters, and the stage must not be cut off.
    app: `${shorten(app, 39 - stage.length)}-${stage}`,
    stacks: { main: stack, events: `${stack}-events` },
    tags: { "anyfn:app": app, "anyfn:stage": stage },
  };
}

/** For the user, and for nobody else's eyes worth hiding. */
export function describePlace({ subscription, resourceGroup }: Place): string {
  return `subscription ${subscription}, resource group ${resourceGroup}`;
}

/** Whether something carries the tags of this stage. */
export function isOurs({ tags }: Place, found: Tags | undefined): boolean {
  return Object.entries(tags).every(([name, value]) => found?.[name] === value);
}

/** Names that are cut keep apart what differs beyond the cut. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 6);
  return `${text.slice(0, most - 7).replace(/-+$/, "")}-${hash}`;
}
