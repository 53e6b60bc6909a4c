/** One event as every provider can deliver it: what a source would have to tell, in neutral words. */
export type Delivery =
  | { readonly trigger: "queue" | "topic" | "stream"; readonly events: readonly SentMessage[] }
  | { readonly trigger: "schedule"; readonly events: readonly [SentTick] }
  | { readonly trigger: "storage"; readonly events: readonly [SentObject] }
  | { readonly trigger: "changes"; readonly events: readonly SentChange[] }
  | { readonly trigger: "bus"; readonly events: readonly [SentEvent] }
  | { readonly trigger: "direct"; readonly events: readonly [SentCall] };

/** A message, record or published event. */
export interface SentMessage {
  readonly id: string;
  /** JSON value of the payload. */
  readonly data: unknown;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A tick of a schedule. */
export interface SentTick {
  readonly at: string;
}

/** A created object. */
export interface SentObject {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
}

/** A document that was inserted or changed. */
export interface SentChange {
  readonly id: string;
  readonly collection: string;
  readonly after: { readonly id: string; readonly name: string; readonly count: number };
}

/** An event of a bus. */
export interface SentEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: unknown;
}

/** A direct call. */
export interface SentCall {
  readonly input: unknown;
}

/** What became of one event, as its source sees it; a direct call has its output or fails. */
export type Delivered =
  | { readonly status: "done"; readonly output?: unknown }
  | { readonly status: "failed"; readonly reason: string };

/** Delivers through one provider's source to a function, and reads the provider's verdict for each event. */
export type Deliver = (functionName: string, delivery: Delivery) => Promise<readonly Delivered[]>;

/** The verdict where a source has one for all. */
export function same(delivery: Delivery, delivered: Delivered): readonly Delivered[] {
  return delivery.events.map(() => delivered);
}
