import { decodeText, decodeTextStrictly, encodeText, fromBase64, withoutMark } from "../bytes.ts";
import { AnyfnError } from "../errors.ts";
import type { AttributeValue, Message } from "../triggers/queue.ts";
import type { StreamRecord } from "../triggers/stream.ts";
import type { TopicMessage } from "../triggers/topic.ts";

/** How a payload arrived. `value` is for platforms that parsed the JSON before anyone could read the text. */
export type PayloadSource =
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly value: unknown };

const NOTHING: unique symbol = Symbol("nothing");

/** Text, JSON and bytes of a payload, each worked out when first asked for. */
export class LazyPayload {
  readonly #source: PayloadSource;
  #text: string | undefined;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #data: unknown = NOTHING;

  constructor(source: PayloadSource) {
    this.#source = source;
  }

  // Getters of functions and not methods, so that `({ json }) => json()` works.
  get text(): () => string {
    return () => this.#readText();
  }

  get json(): () => unknown {
    return () => this.#readJson();
  }

  get bytes(): () => Uint8Array<ArrayBuffer> {
    return () => this.#readBytes();
  }

  #readText(): string {
    if (this.#text === undefined) {
      const source = this.#source;
      if ("text" in source) this.#text = source.text;
      else if ("value" in source)
        this.#text = typeof source.value === "string" ? source.value : toJson(source.value);
      else this.#text = decodeText(this.#readBytes());
    }
    return this.#text;
  }

  #readBytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes === undefined) {
      const source = this.#source;
      if ("bytes" in source) this.#bytes = source.bytes;
      else this.#bytes = "base64" in source ? fromBase64(source.base64) : encodeText(this.#readText());
    }
    return this.#bytes;
  }

  #readJson(): unknown {
    if ("value" in this.#source && typeof this.#source.value !== "string") return this.#source.value;
    try {
      return JSON.parse(withoutMark(this.#readText()));
    } catch {
      // What JSON.parse says is nobody's cause: it quotes the payload.
      throw new AnyfnError("invalid-message", "The payload is not valid JSON. Use text() or bytes() for it.");
    }
  }

  /** JSON value, else text, else bytes: what a schema validates, and `data` without one. */
  get data(): unknown {
    if (this.#data === NOTHING) this.#data = this.#decode();
    return this.#data;
  }

  set data(value: unknown) {
    this.#data = value;
  }

  #decode(): unknown {
    const source = this.#source;
    if ("value" in source && typeof source.value !== "string") return source.value;
    const isText = "text" in source || "value" in source;
    const text = isText ? this.#readText() : decodeTextStrictly(this.#readBytes());
    if (text === undefined) return this.#readBytes();
    const json = withoutMark(text);
    return looksLikeJson(json) ? parseOr(json, text) : text;
  }
}

/** Spares plain text the cost of an exception. */
function looksLikeJson(text: string): boolean {
  if (text.startsWith("{")) return true;
  return /^\s*(?:[{["\-0-9]|true\s*$|false\s*$|null\s*$)/.test(text);
}

function parseOr(text: string, otherwise: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return otherwise;
    throw error;
  }
}

function toJson(value: unknown): string {
  if (value === undefined) return "";
  try {
    return JSON.stringify(value);
  } catch {
    throw new AnyfnError(
      "invalid-message",
      "The payload has no text: it is nested too deeply. Use data for it.",
    );
  }
}

type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** What an adapter knows about a queued or published message. */
export interface MessageInit {
  readonly id: string;
  readonly payload: PayloadSource;
  readonly attributes?: Attributes | undefined;
  readonly deliveryCount?: number | undefined;
  readonly orderingKey?: string | undefined;
  readonly enqueuedAt?: Date | undefined;
  /** The same as milliseconds since the epoch, also as text: the date is made when asked for. */
  readonly enqueuedMs?: number | string | undefined;
  readonly subject?: string | undefined;
  readonly topic?: string | undefined;
  readonly raw: unknown;
}

/** What an adapter knows about a stream's record. */
export interface RecordInit {
  readonly id: string;
  readonly payload: PayloadSource;
  readonly partitionKey?: string | undefined;
  readonly partition?: string | undefined;
  readonly sequence?: string | undefined;
  readonly offset?: string | undefined;
  readonly time?: Date | undefined;
  readonly attributes?: Attributes | undefined;
  readonly raw: unknown;
}

const NO_ATTRIBUTES: Attributes = /* @__PURE__ */ Object.freeze(Object.create(null) as Attributes);

class LazyMessage extends LazyPayload implements TopicMessage {
  readonly id: string;
  readonly attributes: Attributes;
  readonly deliveryCount: number | undefined;
  readonly orderingKey: string | undefined;
  readonly subject: string | undefined;
  readonly topic: string | undefined;
  readonly raw: unknown;
  #enqueuedAt: Date | number | string | undefined;

  constructor(init: MessageInit) {
    super(init.payload);
    this.id = init.id;
    this.attributes = init.attributes ?? NO_ATTRIBUTES;
    this.deliveryCount = init.deliveryCount;
    this.orderingKey = init.orderingKey;
    this.#enqueuedAt = init.enqueuedAt ?? init.enqueuedMs;
    this.subject = init.subject;
    this.topic = init.topic;
    this.raw = init.raw;
  }

  get enqueuedAt(): Date | undefined {
    const known = this.#enqueuedAt;
    if (known === undefined || known instanceof Date) return known;
    // What a source wrote in the place of text or number is no time, and may be too deep to be made one.
    const isTime = (typeof known === "string" && known !== "") || (typeof known === "number" && known !== 0);
    const date = new Date(isTime ? Number(known) : Number.NaN);
    this.#enqueuedAt = Number.isNaN(date.getTime()) ? undefined : date;
    return this.#enqueuedAt;
  }
}

class LazyRecord extends LazyPayload implements StreamRecord {
  readonly id: string;
  readonly partitionKey: string | undefined;
  readonly partition: string | undefined;
  readonly sequence: string | undefined;
  readonly offset: string | undefined;
  readonly time: Date | undefined;
  readonly attributes: Attributes;
  readonly raw: unknown;

  constructor(init: RecordInit) {
    super(init.payload);
    this.id = init.id;
    this.partitionKey = init.partitionKey;
    this.partition = init.partition;
    this.sequence = init.sequence;
    this.offset = init.offset;
    this.time = init.time;
    this.attributes = init.attributes ?? NO_ATTRIBUTES;
    this.raw = init.raw;
  }
}

/** Makes a queued message; its payload is decoded on demand. */
export function createMessage(init: MessageInit): Message {
  return new LazyMessage(init);
}

/** Makes a published message; its payload is decoded on demand. */
export function createTopicMessage(init: MessageInit): TopicMessage {
  return new LazyMessage(init);
}

/** Makes a stream's record; its payload is decoded on demand. */
export function createRecord(init: RecordInit): StreamRecord {
  return new LazyRecord(init);
}
