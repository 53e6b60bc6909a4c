import type { Context } from "./context.ts";
import { AnyfnError } from "./errors.ts";
import { CHECKS } from "./features.ts";
import type { AnyMiddleware, Middleware } from "./middleware.ts";
import type { AnyTrigger, EventOf, ResultOf, Trigger } from "./trigger.ts";

/** Marks a function definition, also across two copies of this package. */
const DEFINITION: unique symbol = Symbol.for("anyfn.function") as never;

/** Handles one event of a trigger. */
export type Handler<T extends AnyTrigger> = (
  event: EventOf<T>,
  ctx: Context,
) => ResultOf<T> | PromiseLike<ResultOf<T>>;

/** What a user declares about one function. */
export interface FunctionOptions<T extends AnyTrigger> {
  /** What starts the function, and the one source of its types. */
  readonly trigger: T;
  readonly handler: Handler<T>;
  /** Wraps the handler, the first outermost. */
  readonly use?: ReadonlyArray<Middleware<T["kind"]>>;
  /** Name on every provider, kebab-case; by default the export's name in kebab-case. */
  readonly name?: string;
  /** Seconds until an invocation is stopped; 30 by default. */
  readonly timeout?: number;
  /** Memory in MiB, where the platform sets it for each function; 512 by default. */
  readonly memory?: number;
  /** How many messages of an unordered batch run at once; all by default. */
  readonly concurrency?: number;
}

/** A function as adapters and the build see it. */
export interface FunctionDefinition<T extends AnyTrigger> {
  readonly trigger: T;
  readonly handler: Handler<T>;
  readonly use: ReadonlyArray<Middleware<T["kind"]>>;
  readonly name: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memory: number;
  readonly concurrency: number;
}

/** A definition of any trigger: what lists of functions hold. */
export interface AnyFunction {
  readonly trigger: Trigger;
  readonly handler: (event: never, ctx: Context) => unknown;
  readonly use: readonly AnyMiddleware[];
  readonly name: string | undefined;
  readonly timeout: number;
  readonly memory: number;
  readonly concurrency: number;
}

/**
 * Declares a function. The trigger decides the types of the event and of the result.
 *
 * @example
 * export const getOrder = defineFunction({
 *   trigger: http.get("/orders/{id}"),
 *   handler: ({ params }) => ({ id: params.id }),
 * });
 *
 * @throws AnyfnError `invalid-definition` when an option is missing or out of range.
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineFunction<T extends AnyTrigger>(options: FunctionOptions<T>): FunctionDefinition<T> {
  const { trigger, handler, use = [], name, timeout = 30, memory = 512 } = options;
  const { concurrency = Number.POSITIVE_INFINITY } = options;
  const definition = { trigger, handler, use, name, timeout, memory, concurrency };
  if (CHECKS) check(definition);
  Object.defineProperty(definition, DEFINITION, { value: true });
  return definition;
}

function check(options: Omit<AnyFunction, "handler"> & { readonly handler: unknown }): void {
  const { trigger, handler, use, name, timeout, memory, concurrency } = options;
  assert(
    typeof trigger?.kind === "string",
    'has no trigger. Pass one, such as http.get("/orders") or queue("orders").',
  );
  assert(KINDS.split(", ").includes(trigger.kind), unknownKind(trigger.kind));
  assert(typeof handler === "function", "has no handler. Pass a function of (event, ctx).");
  assert(
    Array.isArray(use) && use.every(isFunction),
    "has a `use` that is not a list of middleware functions.",
  );
  assert(
    name === undefined || NAME.test(name),
    "needs a name of lower-case letters, digits and dashes, at most 60.",
  );
  assert(timeout > 0 && Number.isFinite(timeout), "needs a timeout in seconds above 0.");
  assert(memory > 0 && Number.isInteger(memory), "needs a memory size in whole MiB above 0.");
  assert(concurrency >= 1, "needs a concurrency of at least 1.");
}

const KINDS = "http, queue, topic, schedule, storage, changes, stream, bus, direct";

function unknownKind(kind: string): string {
  const nearest = /^(?:ws|.*socket)/i.test(kind)
    ? " Nearest to a WebSocket is an http function that streams server-sent events."
    : "";
  return `has a trigger of the kind "${kind}", and there are only ${KINDS}.${nearest}`;
}

/** What every provider takes as a name. */
export const NAME: RegExp = /^[a-z](?:[a-z0-9-]{0,58}[a-z0-9])?$/;

/** Whether a value was made by {@link defineFunction}, of this or another copy of the package. */
export function isFunctionDefinition(value: unknown): value is AnyFunction {
  return typeof value === "object" && value !== null && DEFINITION in value;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function assert(condition: boolean, problem: string): void {
  if (!condition) throw new AnyfnError("invalid-definition", `The function ${problem}`);
}
