import type { DiscoveredFunction } from "@anyfn/build";
import type { BusTrigger, StorageAction, StorageTrigger, TopicTrigger } from "@anyfn/core";
import { settingsOf, type WebhookSettings } from "../settings.ts";
import { commonParameters, SITE, userAssigned } from "./_app.ts";
import { containerOf } from "./_messages.ts";
import {
  existing,
  HOST_CONNECTION,
  IDENTITY,
  identifier,
  isCreated,
  LOCATION,
  make,
  merge,
  type Part,
  type Plan,
  STORAGE,
} from "./_parts.ts";
import {
  type Entries,
  type Expression,
  id,
  join,
  type Parameter,
  parameter,
  property,
  type Resource,
  type Template,
} from "./_template.ts";
import { apiVersionOf } from "./_types.ts";

const COMMENT = `Deploy this after the code. Event Grid asks a function whether it wants the events when a subscription is made, so that
the functions must exist, and the key of blob triggers is made when the host first starts with them.`;

const DEAD_LETTERS = containerOf(STORAGE, "dead-letters", "dead-letters");

/** What must be there before the code: topics on request, and a place for what could not be delivered. */
export function topicParts({ functions, settings }: Plan): Part {
  const triggers = functions
    .filter((fn) => subscriptionOf(fn, settings) !== undefined)
    .map(({ definition }) => definition.trigger as StorageTrigger | TopicTrigger | BusTrigger);
  const created = triggers.filter(({ kind, name }) => kind !== "storage" && isCreated(name, settings));
  return {
    resources: [
      ...(triggers.length === 0 ? [] : [DEAD_LETTERS]),
      ...created.map(({ kind, name }) => customTopic(kind, name)),
    ],
    parameters: created.map(({ kind, name }) => topicParameter(kind, name)),
  };
}

/** What subscribes the functions to Event Grid; undefined when none of them needs it. */
export function eventsTemplate(plan: Plan): Template | undefined {
  const parts = plan.functions.flatMap((fn) => subscriptionOf(fn, plan.settings) ?? []);
  if (parts.length === 0) return undefined;
  const { resources, parameters } = merge(parts);
  return { comment: COMMENT, parameters: [...commonParameters(plan), ...parameters], resources, outputs: {} };
}

type Settings = Plan["settings"];

function subscriptionOf(fn: DiscoveredFunction, settings: Settings): Part | undefined {
  const { trigger } = fn.definition;
  if (trigger.kind === "storage") return storageSubscription(fn, trigger as StorageTrigger, settings);
  if (!isEventGridTopic(trigger as TopicTrigger, settings)) return undefined;
  const { kind, name, types } = trigger as BusTrigger;
  const where = (kind === "bus" ? settingsOf(settings.buses, name) : settingsOf(settings.topics, name)) ?? {};
  const made = isCreated(name, settings);
  const topic = existing(customTopic(kind, name));
  const filter = types === undefined ? {} : { includedEventTypes: types };
  const target =
    where.source === "event-grid-webhook" ? webhook(fn.name, where, settings) : functionTarget(fn.name);
  return {
    resources: [subscribe(fn.name, topic, { ...target, filter, ...(made ? deadLetters() : {}) })],
    parameters: [topicParameter(kind, name)],
  };
}

function isEventGridTopic(
  { kind, name }: { readonly kind: string; readonly name: string },
  settings: Settings,
): boolean {
  if (kind === "bus") return true;
  const source = kind === "topic" ? settingsOf(settings.topics, name)?.source : undefined;
  return source === "event-grid" || source === "event-grid-webhook";
}

function topicParameter(kind: string, name: string): Parameter {
  return {
    name: `${kind}_${identifier(name)}_name`,
    type: "string",
    description: `Name of the Event Grid topic of the ${kind} "${name}", in this resource group.`,
  };
}

function customTopic(kind: string, name: string): Resource {
  const symbol = `${kind}_${identifier(name)}`;
  return make(symbol, "Microsoft.EventGrid/topics", {
    name: parameter(`${symbol}_name`),
    body: {
      location: LOCATION,
      // The topic writes its dead letters as the app.
      identity: userAssigned(),
      properties: {
        disableLocalAuth: true,
        inputSchema: "CloudEventSchemaV1_0",
        minimumTlsVersionAllowed: "1.2",
      },
    },
  });
}

const BLOB_EVENTS: Readonly<Record<StorageAction, readonly string[]>> = {
  created: ["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobRenamed"],
  deleted: ["Microsoft.Storage.BlobDeleted", "Microsoft.Storage.BlobRenamed"],
  archived: ["Microsoft.Storage.BlobTierChanged"],
  metadata: ["Microsoft.Storage.BlobTierChanged"],
};

function storageSubscription(fn: DiscoveredFunction, trigger: StorageTrigger, settings: Settings): Part {
  const { name, on, prefix, suffix } = trigger;
  const where = settingsOf(settings.storage, name) ?? {};
  const { at, parameters } = accountOf(trigger, settings);
  const topic = make(`${at.symbol}_events`, "Microsoft.EventGrid/systemTopics", {
    name: parameter(`${at.symbol}_topic`),
    body: {
      location: LOCATION,
      identity: userAssigned(existing(IDENTITY)),
      properties: { source: id(at), topicType: "Microsoft.Storage.StorageAccounts" },
    },
  });
  const isBlob = where.source === "blob";
  const container = where.container ?? (isBlob || isCreated(name, settings) ? name : undefined);
  const begins = `/blobServices/default/containers/${container === undefined ? "" : `${container}/blobs/${prefix}`}`;
  const types = isBlob
    ? ["Microsoft.Storage.BlobCreated"]
    : [...new Set(on.flatMap((action) => BLOB_EVENTS[action]))];
  const filter = {
    includedEventTypes: types.sort(),
    subjectBeginsWith: begins,
    ...(suffix === "" ? {} : { subjectEndsWith: suffix }),
    isSubjectCaseSensitive: true,
  };
  const target =
    where.source === "event-grid-webhook"
      ? webhook(fn.name, where, settings)
      : isBlob
        ? blobTarget(fn.name)
        : functionTarget(fn.name);
  return {
    resources: [topic, subscribe(fn.name, topic, { ...target, filter, ...deadLetters() })],
    parameters: [
      ...parameters,
      {
        name: `${at.symbol}_topic`,
        type: "string",
        description:
          "Name of the account's system topic; an account has one at most, so that an existing one is taken over.",
        fallback: join(at.name, "-events"),
      },
    ],
  };
}

/** The account whose blobs tell of themselves. */
function accountOf(
  { name }: StorageTrigger,
  settings: Settings,
): { at: Resource; parameters: Part["parameters"] & object } {
  const { source, connection } = settingsOf(settings.storage, name) ?? {};
  const own =
    source === "blob" ? (connection ?? HOST_CONNECTION) === HOST_CONNECTION : isCreated(name, settings);
  if (own) return { at: existing(STORAGE), parameters: [] };
  const key = connection === undefined ? `storage_${identifier(name)}` : identifier(connection);
  const at = make(`events_${key}`, STORAGE.type, { name: parameter(`${key}Account`), existing: true });
  const description = `Name of the storage account of the container or containers "${name}", in this resource group.`;
  return { at, parameters: [{ name: `${key}Account`, type: "string", description }] };
}

function subscribe(fn: string, parent: Resource, properties: Entries): Resource {
  return make(`subscription_${identifier(fn)}`, `${parent.type}/eventSubscriptions`, {
    name: fn.length < 3 ? `${fn}-function` : fn,
    parent,
    body: {
      properties: {
        eventDeliverySchema: "CloudEventSchemaV1_0",
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
        ...properties,
      },
    },
  });
}

/** Events that were not taken after all tries; without this they would be gone. */
function deadLetters(): Entries {
  return {
    deadLetterWithResourceIdentity: {
      identity: { type: "UserAssigned", userAssignedIdentity: id(existing(IDENTITY)) },
      deadLetterDestination: {
        endpointType: "StorageBlob",
        properties: { resourceId: id(existing(STORAGE)), blobContainerName: "dead-letters" },
      },
    },
  };
}

function functionTarget(fn: string): Entries {
  return {
    destination: {
      endpointType: "AzureFunction",
      properties: {
        resourceId: join(id(SITE), `/functions/${fn}`),
        maxEventsPerBatch: 1,
        preferredBatchSizeInKilobytes: 64,
      },
    },
  };
}

/** The host takes the events of blob triggers at an endpoint of its own, in Event Grid's own schema. */
function blobTarget(fn: string): Entries {
  const path = `/runtime/webhooks/blobs?functionName=Host.Functions.${fn}&code=`;
  return { ...endpoint(path, "systemKeys.blobs_extension"), eventDeliverySchema: "EventGridSchema" };
}

function webhook(
  fn: string,
  { route, authLevel = "function" }: WebhookSettings,
  { routePrefix = "" }: Settings,
): Entries {
  const path = [routePrefix, (route ?? fn).replace(/^\//, "")].filter((part) => part !== "").join("/");
  if (authLevel === "anonymous") return endpoint(`/${path}`);
  return endpoint(`/${path}?code=`, authLevel === "admin" ? "masterKey" : "functionKeys.default");
}

function endpoint(path: string, key?: string): Entries {
  const host = join(id(SITE), "/host/default");
  const apiVersion = apiVersionOf(SITE.type) ?? "";
  const keys: readonly Expression[] =
    key === undefined ? [] : [{ $: "key", of: host, apiVersion, path: key }];
  const endpointUrl = join("https://", property(SITE, "properties.defaultHostName"), path, ...keys);
  return { destination: { endpointType: "WebHook", properties: { endpointUrl, maxEventsPerBatch: 1 } } };
}
