import { encodeText } from "../bytes.ts";
import { beforeDeadline, type Context, type InvocationContext, LATE } from "../context.ts";
import type { AnyFunction } from "../define.ts";
import { AnyfnError, timeoutError } from "../errors.ts";
import { CHECKS, CORS, MIDDLEWARE, SCHEMAS } from "../features.ts";
import { compose, type Step } from "../middleware.ts";
import { compileSchema, isPromise, type Schema, type SchemaResult, validate } from "../schema.ts";
import type { HttpReply, HttpTrigger } from "../triggers/http.ts";
import { bodyValue } from "./body.ts";
import { addCorsHeaders, answerPreflight } from "./cors.ts";
import type { LazyHttpEvent, ValidatedValues } from "./event.ts";
import { matchPath, parseTemplate, type Template } from "./path.ts";
import { answerError, invalidInput, problem } from "./problem.ts";
import { queryObject } from "./query.ts";
import { discard, isStreaming, toReply } from "./reply.ts";
import { TOKEN } from "./syntax.ts";

/** An HTTP function made ready once: template parsed, middleware composed. */
export interface CompiledHttp {
  readonly methods: readonly string[];
  readonly template: Template;
  /** Answers one request, at once where the handler does; neither throws nor rejects. */
  handle(event: LazyHttpEvent, ctx: InvocationContext): HttpReply | PromiseLike<HttpReply>;
}

/**
 * Makes an HTTP function ready to answer requests.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function compileHttp(definition: AnyFunction): CompiledHttp {
  const trigger = definition.trigger as HttpTrigger;
  if (CHECKS && trigger.kind !== "http") {
    throw new AnyfnError(
      "invalid-definition",
      `A function with a "${definition.trigger.kind}" trigger cannot answer HTTP requests.`,
    );
  }
  assertIncluded(trigger, definition.use);
  const template = parseTemplate(trigger.path);
  const step = validated(definition, trigger);
  const run = MIDDLEWARE ? compose(definition.use, step, toReply) : step;
  const finish = (event: LazyHttpEvent, answer: HttpReply): HttpReply => {
    if (CORS && trigger.cors !== undefined) addCorsHeaders(trigger.cors, event, answer);
    return fitMethod(event, answer);
  };
  return {
    methods: trigger.methods,
    template,
    handle: (event, ctx) => {
      const refusal = route(trigger, template, event);
      if (refusal !== undefined) return fitMethod(event, refusal);
      const fail = (error: unknown): HttpReply => finish(event, answerError(error, ctx));
      try {
        const running = run(event, ctx);
        if (!isPromise(running)) return finish(event, running);
        // Answers 504 while the platform still listens, in the place of being cut off.
        return beforeDeadline(running, ctx).then(
          (answer) => (answer === LATE ? fail(timeoutError()) : finish(event, answer)),
          fail,
        );
      } catch (error) {
        return fail(error);
      }
    },
  };
}

/** Declarations may depend on the environment: nothing that they ask for may be missing without a word. */
function assertIncluded(trigger: HttpTrigger, use: AnyFunction["use"]): void {
  const { path, cors, params, query, body } = trigger;
  const isThere =
    (CORS || cors === undefined) &&
    (SCHEMAS || (params ?? query ?? body) === undefined) &&
    (MIDDLEWARE || use.length === 0);
  if (isThere) return;
  throw new AnyfnError(
    "invalid-definition",
    `${path} was built without CORS, schemas or middleware it declares.`,
  );
}

/** Sets the path parameters, or answers a request that the handler must not see. */
function route(trigger: HttpTrigger, template: Template, event: LazyHttpEvent): HttpReply | undefined {
  const params = matchPath(template, event.path);
  if (params === undefined) return problem(404, "There is nothing at this path.");
  if (CORS && trigger.cors !== undefined) {
    const preflight = answerPreflight(trigger.cors, event);
    if (preflight !== undefined) return preflight;
  }
  if (!acceptsMethod(trigger.methods, event.method)) {
    const allow = trigger.methods.join(", ");
    return problem(
      405,
      `${event.method} is not allowed here.`,
      {},
      trigger.methods[0] === "*" ? {} : { allow },
    );
  }
  if (params === "malformed") return problem(400, "The path has a bad percent escape.");
  event.params = params;
  return undefined;
}

/**
 * Whether a function takes requests of a method. TRACE and CONNECT are never taken: they end at a proxy; and what is no
 * token is no method.
 */
export function acceptsMethod(methods: readonly string[], method: string): boolean {
  if (method === "TRACE" || method === "CONNECT") return false;
  return methods.includes(method) || (methods[0] === "*" && TOKEN.test(method));
}

/** The innermost step: validates what has a schema, runs the handler, normalises its result. */
function validated(definition: AnyFunction, trigger: HttpTrigger): Step<LazyHttpEvent, HttpReply> {
  const handler = definition.handler as (event: unknown, ctx: Context) => unknown;
  const answer = (event: unknown, ctx: Context): HttpReply | Promise<HttpReply> => {
    const result = handler(event, ctx);
    return isPromise(result) ? Promise.resolve(result).then(toReply) : toReply(result);
  };
  if (!SCHEMAS) return answer;
  const [params, query, body] = [trigger.params, trigger.query, trigger.body].map(compileSchema);
  if (params === undefined && query === undefined && body === undefined) return answer;
  const checks: Check[] = [];
  if (params !== undefined)
    checks.push({ part: "params", schema: params, read: (event) => ({ ...event.params }) });
  if (query !== undefined)
    checks.push({ part: "query", schema: query, read: (event) => queryObject(event.query) });
  if (body !== undefined) checks.push({ part: "body", schema: body, read: bodyValue });
  return validator(checks, answer);
}

/** One part of a request to validate. */
interface Check {
  readonly part: "params" | "query" | "body";
  readonly schema: Schema;
  /** Gives the part, or a promise of it. */
  readonly read: (event: LazyHttpEvent) => unknown;
}

/** Validates one part after the other before the handler runs, without a pause where none of them needs one. */
function validator(checks: readonly Check[], answer: Step<LazyHttpEvent, HttpReply>) {
  const run = (
    event: LazyHttpEvent,
    ctx: Context,
    values: ValidatedValues,
    from: number,
  ): ReturnType<typeof answer> => {
    for (let index = from; index < checks.length; index++) {
      const { part, schema, read } = checks[index] as Check;
      const value = read(event);
      const result = isPromise(value)
        ? Promise.resolve(value).then((late) => validate(schema, late))
        : validate(schema, value);
      if (isPromise(result)) {
        return Promise.resolve(result).then((late) => {
          values[part] = outputOf(part, late);
          return run(event, ctx, values, index + 1);
        });
      }
      values[part] = outputOf(part, result);
    }
    return answer(event.withValues(values), ctx);
  };
  return (event: LazyHttpEvent, ctx: Context): ReturnType<typeof answer> => run(event, ctx, {}, 0);
}

function outputOf(part: Check["part"], result: SchemaResult<unknown>): unknown {
  if (result.issues !== undefined) throw invalidInput(part, result.issues);
  return result.value;
}

/** HEAD keeps the length of the body that GET would send. */
function fitMethod({ method }: LazyHttpEvent, answer: HttpReply): HttpReply {
  const { body, headers } = answer;
  if (method !== "HEAD" || body === undefined) return answer;
  if (isStreaming(body)) discard(body);
  else {
    const { byteLength } = typeof body === "string" ? encodeText(body) : body;
    headers["content-length"] = String(byteLength);
  }
  return { ...answer, body: undefined };
}
