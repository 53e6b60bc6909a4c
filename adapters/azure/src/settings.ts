import type { AuthLevel, AzureRetry } from "./native.ts";

/** Where a `queue` of this name is. */
export interface QueueSettings {
  /** `"storage-queue"` by default. */
  readonly source?: "storage-queue" | "service-bus";
  /** Name on Azure; the logical name by default. `%NAME%` reads an app setting, here and wherever a name stands. */
  readonly name?: string;
  /** App setting (or its prefix) of the connection; `AzureWebJobsStorage` or `ServiceBusConnection` by default. */
  readonly connection?: string;
  /** Service Bus: whether the queue has sessions, within which messages are ordered. */
  readonly sessions?: boolean;
}

/** How events arrive over HTTP where `source` is `"event-grid-webhook"`. */
export interface WebhookSettings {
  /** Path of the endpoint; `/` and the function's name by default. */
  readonly route?: string;
  /** `"function"` by default: the subscription's URL carries a key in `?code=`. */
  readonly authLevel?: AuthLevel;
  /** Origins that may deliver CloudEvents; `["eventgrid.azure.net"]` by default. Sovereign clouds have their own. */
  readonly origins?: readonly string[];
}

/** Where a `topic` of this name is. */
export interface TopicSettings extends WebhookSettings {
  /** `"service-bus"` by default. */
  readonly source?: "service-bus" | "event-grid" | "event-grid-webhook";
  /** Service Bus: name of the topic; the logical name by default. */
  readonly topic?: string;
  /** Service Bus: name of the subscription; the function's name by default. */
  readonly subscription?: string;
  /** Service Bus: app setting of the connection; `ServiceBusConnection` by default. */
  readonly connection?: string;
  /** Service Bus: whether the subscription has sessions, within which messages are ordered. */
  readonly sessions?: boolean;
}

/** Where a `storage` of this name is. */
export interface StorageSettings extends WebhookSettings {
  /** `"event-grid"` by default; `"blob"` reads every blob into memory and sees only created ones. */
  readonly source?: "event-grid" | "event-grid-webhook" | "blob";
  /** The container. With Event Grid, events of other containers are left out where it is given. */
  readonly container?: string;
  /** Blob trigger: app setting of the connection; `AzureWebJobsStorage` by default. */
  readonly connection?: string;
}

/** Where the `changes` of a collection of this name come from. */
export interface ChangesSettings {
  /** `"%CosmosDBDatabase%"` by default: the app setting of that name. */
  readonly database?: string;
  /** The logical name by default. */
  readonly container?: string;
  /** Remembers how far the feed was read; `"leases"` by default. It must exist. */
  readonly leaseContainer?: string;
  /** App setting of the connection; `CosmosDBConnection` by default. */
  readonly connection?: string;
  /**
   * `"latest-version"` tells neither deletions nor creations from updates. By default it is taken where the function
   * asks for `["created", "updated"]`, and `"all-versions-and-deletes"` elsewhere, which needs continuous backup.
   */
  readonly mode?: "latest-version" | "all-versions-and-deletes";
}

/** Where a `stream` of this name is. */
export interface StreamSettings {
  /** `"event-hubs"` by default. */
  readonly source?: "event-hubs" | "kafka";
  /** Event hub or Kafka topic; the logical name by default. */
  readonly name?: string;
  /** Event Hubs: app setting of the connection; `EventHubConnection` by default. */
  readonly connection?: string;
  /** `"$Default"` by default. */
  readonly consumerGroup?: string;
  /** Kafka: `"%KafkaBrokerList%"` by default, the app setting of that name. */
  readonly brokerList?: string;
  /** Kafka: further options of the trigger by the host's names, such as `protocol` and `authenticationMode`. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** Event Hubs: splits what Azure Monitor exports, `{ records: [...] }`, into one record each. */
  readonly diagnosticLogs?: boolean;
}

/** Where a `bus` of this name is. */
export interface BusSettings extends WebhookSettings {
  /** `"event-grid"` by default. */
  readonly source?: "event-grid" | "event-grid-webhook";
}

/** How a `direct` function is reached, by the function's name. */
export interface DirectSettings {
  /** `"http"` by default; an `"activity"` is called by an orchestrator of Durable Functions. */
  readonly source?: "http" | "activity";
  /** Path; `/` and the function's name by default. */
  readonly route?: string;
  /** `"function"` by default. */
  readonly authLevel?: AuthLevel;
}

/** When failed streams, changes and schedules run again. */
export interface RetrySettings {
  /** Further tries; -1 for ever. */
  readonly attempts: number;
  /** Seconds before the first further try, and the most between two; 5 and 300 by default. */
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
}

/** What this adapter can be told, at run time and in `anyfn.config.ts` alike; declarations are named by logical name. */
export interface AzureSettings {
  readonly queues?: Readonly<Record<string, QueueSettings>>;
  readonly topics?: Readonly<Record<string, TopicSettings>>;
  readonly storage?: Readonly<Record<string, StorageSettings>>;
  readonly changes?: Readonly<Record<string, ChangesSettings>>;
  readonly streams?: Readonly<Record<string, StreamSettings>>;
  readonly buses?: Readonly<Record<string, BusSettings>>;
  readonly direct?: Readonly<Record<string, DirectSettings>>;
  /** HTTP functions: which key callers must show; `"anonymous"` by default. */
  readonly authLevel?: AuthLevel;
  /** Path before every route, without slashes; none by default. Static Web Apps need `"api"`. */
  readonly routePrefix?: string;
  /** Takes the URL from the `x-ms-original-url` header, which only Static Web Apps set reliably; false by default. */
  readonly originalUrl?: boolean;
  /** Streams HTTP answers piece by piece (and needs host 4.28); false by default, and then they are collected. */
  readonly streaming?: boolean;
  /** Streams and changes: for ever by default, so that nothing is skipped. Schedules: none by default. */
  readonly retry?: RetrySettings;
  /** `functionTimeout` of the app; by default the longest `timeout` of its functions. */
  readonly timeoutSeconds?: number;
  /** How Storage Queue senders encode messages; `"none"` by default. The host's own default is base64. */
  readonly queueEncoding?: "none" | "base64";
}

/** The entry of a name, none when there is none; names such as `constructor` are no entries. */
export function settingsOf<Entry>(
  entries: Readonly<Record<string, Entry>> | undefined,
  name: string,
): Entry | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** Seconds that an invocation of a function may run. */
export function secondsOf(timeout: number, settings: AzureSettings): number {
  return Math.min(timeout, settings.timeoutSeconds ?? timeout);
}

/** The retry policy of sources that skip what failed unless they have one. */
export function retryOf(settings: AzureSettings): AzureRetry {
  const { attempts, minSeconds = 5, maxSeconds = 300 } = settings.retry ?? { attempts: -1 };
  return {
    strategy: "exponentialBackoff",
    maxRetryCount: attempts,
    minimumInterval: minSeconds * 1000,
    maximumInterval: maxSeconds * 1000,
  };
}
