import type { AnyFunction, TriggerKind } from "@anyfn/core";
import type { TriggerCapabilities } from "@anyfn/core/adapter";
import type { AzureInvocation } from "../runtimes/hosts/azure/rpc.ts";
import type { PlainRequest } from "../runtimes/hosts/host.ts";
import type { Harness } from "./harness.ts";
import type { WireRequest } from "./wire.ts";

/** What each provider hands to a function: a Lambda event, an invocation of the Azure host, an HTTP request. */
export interface Natives {
  readonly aws: unknown;
  readonly azure: AzureInvocation;
  readonly gcp: PlainRequest | WireRequest;
  readonly node: PlainRequest | WireRequest;
}

/** A folder in `adapters`. */
export type AdapterName = keyof Natives;

/** Notes what the function under test saw. */
export type See = (facts: unknown) => void;

/** One thing that layers between a trigger and a handler get wrong, and what is right. */
export interface Case {
  /** The id of the trap, a letter for its section and a number; several cases may share one. */
  readonly id: string;
  /** What holds, as a sentence about the adapter. */
  readonly title: string;
  /** The provider's behaviour is known from its documentation alone, without a capture. */
  readonly unconfirmed?: true;
  /** Why this is right, where the field is silent or divided. */
  readonly decision?: string;
  /** The capability without which the case is not applicable. */
  readonly needs?: Need;
  /** The function under test. */
  readonly define: (see: See) => AnyFunction;
  /** Options for `toLambda`, `register`, `toCloudFunction` and `createServer`. */
  readonly options?: Readonly<Partial<Record<AdapterName, object>>>;
  /** Native payloads, each of which is a run of its own. */
  readonly native?: { readonly [Name in AdapterName]?: readonly Natives[Name][] };
  /** An HTTP request, which is sent through every front of every adapter. */
  readonly request?: PlainRequest;
  /** Fronts that cannot carry the request, or spoil it before a function sees it. */
  readonly except?: readonly Front[];
  readonly expect?: Expectation;
  /** What differs for an adapter or one of its fronts. */
  readonly expectOn?: Readonly<Partial<Record<AdapterName | Front, Expectation>>>;
  /** What holds instead where a boolean capability is absent. */
  readonly otherwise?: Expectation;
  /** A case that is no single delivery; throws when it does not hold. */
  readonly scenario?: (harness: Harness) => Promise<void>;
}

/** What stands between an HTTP client and a function. */
export type Front =
  | "http-api"
  | "function-url"
  | "rest-api"
  | "alb"
  | "alb-multi-value"
  | "function-app"
  | "functions-framework"
  | "server";

/** A declared capability: a source in the list of a trigger, or a member that is true. */
export type Need =
  | { readonly trigger: TriggerKind; readonly source: string | readonly string[] }
  | { readonly trigger: TriggerKind; readonly capability: keyof TriggerCapabilities };

/** What must come of a delivery; a member that is absent or undefined is not looked at. */
export interface Expectation {
  /** What the function saw, in order; empty where it must not run. */
  readonly seen?: readonly unknown[] | undefined;
  /** The provider's own form of the answer, exactly. */
  readonly answer?: unknown;
  /** The answer as an HTTP client reads it. */
  readonly reply?: ReplyFacts | undefined;
  /** Code of the error with which the delivery fails, `"any"` for that of a handler; absent where it does not fail. */
  readonly error?: string | undefined;
  /** What the error's message, or the problem's detail, says. */
  readonly message?: RegExp | undefined;
  readonly logged?: readonly RegExp[];
  readonly notLogged?: readonly RegExp[];
}

/** Facts of an HTTP answer. */
export interface ReplyFacts {
  readonly status?: number;
  /** By lower-case name; undefined for one that must not be there. Repeated ones are joined by ", ". */
  readonly headers?: Readonly<Record<string, string | RegExp | undefined>>;
  /** Values of `set-cookie` in order. */
  readonly cookies?: readonly (string | RegExp)[];
  /** Text, bytes, or the value of a JSON body. */
  readonly body?: unknown;
}
