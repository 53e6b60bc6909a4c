import type { Trigger } from "../trigger.ts";
import { assertName } from "./queue.ts";

/** What happened to an object. */
export type StorageAction = "created" | "deleted" | "archived" | "metadata";

/** A change of a stored object. The object itself is not read; its location is here. */
export interface StorageEvent {
  /** The same for each delivery of one change; undefined where the source has none. */
  readonly id: string | undefined;
  readonly action: StorageAction;
  readonly bucket: string;
  /** The object's name, decoded: the one that the storage API takes. */
  readonly key: string;
  /** Bytes; undefined where the event does not say. */
  readonly size: number | undefined;
  readonly etag: string | undefined;
  /** Opaque version or generation of the object. */
  readonly version: string | undefined;
  /** Orders the changes of one key, compared as text. */
  readonly sequence: string | undefined;
  readonly contentType: string | undefined;
  readonly time: Date | undefined;
  /** The provider's own event. */
  readonly raw: unknown;
}

/** Options of a storage trigger. */
export interface StorageOptions {
  /** The actions to run for; `["created"]` by default. */
  readonly on?: readonly StorageAction[];
  /** Only keys that start so. */
  readonly prefix?: string;
  /** Only keys that end so. */
  readonly suffix?: string;
}

/** A declared storage trigger. */
export interface StorageTrigger extends Trigger<"storage", StorageEvent, unknown> {
  /** The bucket's or container's logical name; the target's configuration maps it. */
  readonly name: string;
  readonly on: readonly StorageAction[];
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * Declares a function that runs when objects change.
 *
 * @example storage("images", { on: ["created"], prefix: "raw/" })
 */
/* @__NO_SIDE_EFFECTS__ */
export function storage(name: string, options: StorageOptions = {}): StorageTrigger {
  const { on = ["created"], prefix = "", suffix = "" } = options;
  assertName("storage", name);
  return { kind: "storage", name, on, prefix, suffix };
}
