import type { DiscoveredFunction } from "@anyfn/build";
import type { ChangesTrigger, QueueTrigger, StorageTrigger, StreamTrigger, TopicTrigger } from "@anyfn/core";
import { settingsOf } from "../settings.ts";
import {
  assign,
  byIdentity,
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
  readName,
  STORAGE,
} from "./_parts.ts";
import {
  call,
  type Entries,
  type Expression,
  id,
  join,
  nameOf,
  parameter,
  property,
  type Resource,
} from "./_template.ts";
import type { AzureBuildSettings } from "./settings.ts";

type Name = string | Expression;

/** What a function's trigger reads, and the rights to read it. */
export function sourcePart({ definition, name }: DiscoveredFunction, { settings }: Plan): Part {
  switch (definition.trigger.kind) {
    case "queue":
      return queuePart(definition.trigger as QueueTrigger, settings);
    case "topic":
      return topicPart(definition.trigger as TopicTrigger, name, settings);
    case "stream":
      return streamPart(definition.trigger as StreamTrigger, settings);
    case "changes":
      return changesPart(definition.trigger as ChangesTrigger, settings);
    case "storage":
      return blobPart(definition.trigger as StorageTrigger, settings);
    default:
      return {};
  }
}

function queuePart({ name }: QueueTrigger, settings: AzureBuildSettings): Part {
  const {
    source,
    connection,
    name: given = name,
    sessions = false,
  } = settingsOf(settings.queues, name) ?? {};
  const read = readName(given);
  if (source !== "service-bus") {
    return merge([read, storageQueue(name, read.name, connection ?? HOST_CONNECTION, settings)]);
  }
  const bus = namespace("Microsoft.ServiceBus", connection ?? "ServiceBusConnection", settings);
  const body = { properties: { ...delivery(settings), requiresSession: sessions } };
  const queue = madeOrFound(
    name,
    settings,
    `queue_${identifier(name)}`,
    `${bus.at.type}/queues`,
    read.name,
    bus.at,
    body,
  );
  return merge([read, bus, { resources: [assign("Azure Service Bus Data Receiver", queue)] }]);
}

/**
 * A Storage Queue and its poison queue. The host could make the latter only with rights on the whole account, so that it is
 * always there; queues of the app's own account are, too, since nobody else can have made them.
 */
function storageQueue(name: string, queueName: Name, connection: string, settings: AzureBuildSettings): Part {
  const { at, ...account } = storageAccount(connection, ["queue"], settings);
  const service = childOf(at, "queues", "queueServices", "default");
  const symbol = symbolOf(service, name, queueName);
  const type = `${service.type}/queues`;
  const queue = make(symbol, type, { name: queueName, parent: service, body: { properties: {} } });
  const found = connection === HOST_CONNECTION || isCreated(name, settings) ? queue : existing(queue);
  const poisonName = typeof queueName === "string" ? `${queueName}-poison` : join(queueName, "-poison");
  const poison = make(symbolOf(service, `${name}-poison`, poisonName), type, {
    name: poisonName,
    parent: service,
    body: { properties: {} },
  });
  const roles = [
    assign("Storage Queue Data Reader", found),
    assign("Storage Queue Data Message Processor", found),
    assign("Storage Queue Data Message Sender", poison),
  ];
  return merge([account, { resources: [found, poison, ...roles] }]);
}

function topicPart({ name }: TopicTrigger, fn: string, settings: AzureBuildSettings): Part {
  const where = settingsOf(settings.topics, name) ?? {};
  const { source = "service-bus", sessions = false } = where;
  if (source !== "service-bus") return {};
  const topicName = readName(where.topic ?? name);
  const subscriptionName = readName(where.subscription ?? fn);
  const bus = namespace("Microsoft.ServiceBus", where.connection ?? "ServiceBusConnection", settings);
  const symbol = `topic_${identifier(name)}`;
  const topic = madeOrFound(name, settings, symbol, `${bus.at.type}/topics`, topicName.name, bus.at, {
    properties: {},
  });
  const body = { properties: { ...delivery(settings), requiresSession: sessions } };
  const subscription = madeOrFound(
    name,
    settings,
    `subscription_${identifier(fn)}`,
    `${topic.type}/subscriptions`,
    subscriptionName.name,
    topic,
    body,
  );
  const role = assign("Azure Service Bus Data Receiver", subscription);
  return merge([topicName, subscriptionName, bus, { resources: [role] }]);
}

/** The longest lock there is: the host renews it while a function runs. */
function delivery({ maxDeliveryCount = 10 }: AzureBuildSettings): Entries {
  return { maxDeliveryCount, lockDuration: "PT5M", deadLetteringOnMessageExpiration: true };
}

function streamPart({ name }: StreamTrigger, settings: AzureBuildSettings): Part {
  const where = settingsOf(settings.streams, name) ?? {};
  if (where.source === "kafka") return merge([readName(where.brokerList ?? "%KafkaBrokerList%")]);
  const read = readName(where.name ?? name);
  const hubs = namespace("Microsoft.EventHub", where.connection ?? "EventHubConnection", settings);
  const symbol = `stream_${identifier(name)}`;
  const body = { properties: { messageRetentionInDays: 7, partitionCount: 4 } };
  const hub = madeOrFound(name, settings, symbol, `${hubs.at.type}/eventhubs`, read.name, hubs.at, body);
  const group = readName(where.consumerGroup ?? "$Default");
  const groups =
    hub.existing || where.consumerGroup === undefined
      ? []
      : [
          make(`${symbol}_group`, `${hub.type}/consumergroups`, {
            name: group.name,
            parent: hub,
            body: { properties: {} },
          }),
        ];
  return merge([
    read,
    group,
    hubs,
    { resources: [...groups, assign("Azure Event Hubs Data Receiver", hub)] },
  ]);
}

const DATA_CONTRIBUTOR = "00000000-0000-0000-0000-000000000002";

/** The change feed: reading it writes leases, and roles of the data are Cosmos DB's own. */
function changesPart({ name }: ChangesTrigger, settings: AzureBuildSettings): Part {
  const where = settingsOf(settings.changes, name) ?? {};
  const connection = where.connection ?? "CosmosDBConnection";
  const [databaseName, container, leases] = [
    readName(where.database ?? "%CosmosDBDatabase%"),
    readName(where.container ?? name),
    readName(where.leaseContainer ?? "leases"),
  ];
  const symbol = `cosmos_${identifier(connection)}`;
  const account = existing(
    make(symbol, "Microsoft.DocumentDB/databaseAccounts", {
      name: parameter(`${identifier(connection)}Account`),
    }),
  );
  const database = call("guid", id(account), id(IDENTITY), DATA_CONTRIBUTOR, databaseName.name);
  const role = make(
    `${symbol}_${identifier(String(where.database ?? "%CosmosDBDatabase%"))}`,
    `${account.type}/sqlRoleAssignments`,
    {
      name: database,
      parent: account,
      body: {
        properties: {
          roleDefinitionId: join(id(account), `/sqlRoleDefinitions/${DATA_CONTRIBUTOR}`),
          principalId: property(IDENTITY, "properties.principalId"),
          scope: join(id(account), "/dbs/", databaseName.name),
        },
      },
    },
  );
  const made = isCreated(name, settings)
    ? collections(account, role.symbol, databaseName.name, [container.name, leases.name], name)
    : [];
  return merge([
    databaseName,
    container,
    leases,
    {
      resources: [...made, role],
      parameters: [
        {
          name: `${identifier(connection)}Account`,
          type: "string",
          description: `Name of the Cosmos DB account of the connection ${connection}, in this resource group.`,
        },
      ],
      appSettings: byIdentity(connection, {
        accountEndpoint: property(account, "properties.documentEndpoint"),
      }),
    },
  ]);
}

function collections(
  account: Resource,
  symbol: string,
  databaseName: Name,
  names: readonly [Name, Name],
  logical: string,
): readonly Resource[] {
  const database = make(`${symbol}_database`, `${account.type}/sqlDatabases`, {
    name: databaseName,
    parent: account,
    body: { properties: { resource: { id: databaseName } } },
  });
  const container = (own: string, name: Name): Resource =>
    make(own, `${database.type}/containers`, {
      name,
      parent: database,
      body: { properties: { resource: { id: name, partitionKey: { paths: ["/id"], kind: "Hash" } } } },
    });
  return [
    database,
    container(`changes_${identifier(logical)}`, names[0]),
    container(`${symbol}_leases`, names[1]),
  ];
}

/** Where failed blobs of a trigger go; the host keeps this queue beside the blobs. */
const BLOB_POISON = "webjobs-blobtrigger-poison";

function blobPart({ name }: StorageTrigger, settings: AzureBuildSettings): Part {
  const where = settingsOf(settings.storage, name) ?? {};
  const read = readName(where.container ?? name);
  if (where.source !== "blob") {
    if (!isCreated(name, settings)) return {};
    return merge([read, { resources: [containerOf(STORAGE, name, read.name)] }]);
  }
  const connection = where.connection ?? HOST_CONNECTION;
  const { at, ...account } = storageAccount(connection, ["blob", "queue"], settings);
  const container = containerOf(at, name, read.name);
  const isOwn = connection === HOST_CONNECTION;
  const found = isOwn || isCreated(name, settings) ? container : existing(container);
  const host = assign("Storage Queue Data Contributor", STORAGE);
  if (isOwn) return merge([read, account, { resources: [found, host] }]);
  const queues = childOf(at, "queues", "queueServices", "default");
  const poison = make(symbolOf(queues, BLOB_POISON, BLOB_POISON), `${queues.type}/queues`, {
    name: BLOB_POISON,
    parent: queues,
    body: { properties: {} },
  });
  const roles = [
    assign("Storage Blob Data Reader", found),
    assign("Storage Queue Data Message Sender", poison),
  ];
  return merge([read, account, { resources: [found, poison, host, ...roles] }]);
}

/** A container, closed to the public. */
export function containerOf(account: Resource, logical: string, name: Name): Resource {
  const service = childOf(account, "blobs", "blobServices", "default");
  const body = { properties: { publicAccess: "None" } };
  return make(symbolOf(service, logical, name), `${service.type}/containers`, {
    name,
    parent: service,
    body,
  });
}

/** By the name on Azure where it is known, so that what two functions name, such as a poison queue, is one resource. */
function symbolOf(service: Resource, logical: string, name: Name): string {
  return `${service.symbol}_${identifier(typeof name === "string" ? name : `%${logical}%`)}`;
}

function childOf(parent: Resource, suffix: string, kind: string, name: string): Resource {
  const child = make(`${parent.symbol}_${suffix}`, `${parent.type}/${kind}`, { name, parent });
  return parent.existing ? existing(child) : { ...child, body: { properties: {} } };
}

type Found = Part & { readonly at: Resource };

/** The storage account of a connection: the app's own, one that exists, or a created one. */
function storageAccount(
  connection: string,
  services: readonly ("blob" | "queue")[],
  settings: AzureBuildSettings,
): Found {
  if (connection === HOST_CONNECTION) return { at: STORAGE };
  const key = identifier(connection);
  const account = { ...STORAGE, symbol: `account_${key}`, name: parameter(`${key}Account`) };
  const at = isCreated(connection, settings) ? account : existing(account);
  const uris = services.map((service) => [
    `${service}ServiceUri`,
    property(at, `properties.primaryEndpoints.${service}`),
  ]);
  return {
    at,
    resources: at.existing ? [] : [at],
    parameters: [
      {
        name: `${key}Account`,
        type: "string",
        description: `Name of the storage account of the connection ${connection}, in this resource group.`,
      },
    ],
    appSettings: byIdentity(connection, Object.fromEntries(uris)),
  };
}

/** The namespace of a connection of Service Bus or Event Hubs. */
function namespace(provider: string, connection: string, settings: AzureBuildSettings): Found {
  const key = identifier(connection);
  const isBus = provider === "Microsoft.ServiceBus";
  const body = {
    location: LOCATION,
    sku: { name: "Standard", tier: "Standard" },
    properties: { disableLocalAuth: true, minimumTlsVersion: "1.2" },
  };
  const made = make(`${isBus ? "servicebus" : "eventhubs"}_${key}`, `${provider}/namespaces`, {
    name: parameter(`${key}Namespace`),
    body,
  });
  const at = isCreated(connection, settings) ? made : existing(made);
  return {
    at,
    resources: at.existing ? [] : [at],
    parameters: [
      {
        name: `${key}Namespace`,
        type: "string",
        description: `Name of the ${isBus ? "Service Bus" : "Event Hubs"} namespace of the connection ${connection}, in this resource group.`,
      },
    ],
    appSettings: byIdentity(connection, {
      fullyQualifiedNamespace: join(nameOf(at), ".servicebus.windows.net"),
    }),
  };
}

function madeOrFound(
  name: string,
  settings: AzureBuildSettings,
  symbol: string,
  type: string,
  resourceName: Name,
  parent: Resource,
  body: Entries,
): Resource {
  const made = make(symbol, type, { name: resourceName, parent, body });
  return isCreated(name, settings) ? made : existing(made);
}
