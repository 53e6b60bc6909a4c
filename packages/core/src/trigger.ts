/** The nine kinds of trigger. */
export type TriggerKind =
  | "http"
  | "queue"
  | "topic"
  | "schedule"
  | "storage"
  | "changes"
  | "stream"
  | "bus"
  | "direct";

/** Key of the types that a trigger carries for inference; nothing is stored under it. */
declare const types: unique symbol;

/** A declared trigger: plain data, plus the types of its event and of what its handler returns. */
export interface Trigger<Kind extends TriggerKind = TriggerKind, Event = unknown, Result = unknown> {
  readonly kind: Kind;
  readonly [types]?: { readonly event: Event; readonly result: Result };
}

/** A trigger whose types are not known; handlers cannot be called through it. */
export type AnyTrigger = Trigger<TriggerKind, unknown, unknown>;

/** The event that a trigger's handler receives. */
export type EventOf<T> = T extends Trigger<TriggerKind, infer Event, unknown> ? Event : never;

/** What a trigger's handler returns. */
export type ResultOf<T> = T extends Trigger<TriggerKind, unknown, infer Result> ? Result : never;
