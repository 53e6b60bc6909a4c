import { createRequire } from "node:module";
import type { AzureSettings } from "@anyfn/azure";
import { type AnyFunction, defineFunction } from "@anyfn/core";
import type { RpcHttp } from "../../runtimes/hosts/azure/rpc.ts";
import { type Deployed, deploy } from "../../support/azure-app.ts";
import { checkAnswer } from "../answer.ts";
import { type FunctionName, kindOf, makeFunctions } from "../functions.ts";
import { azureSeeds } from "../seeds/azure.ts";
import { groupSeeds } from "../seeds/own.ts";
import { checkError, type Seed, type Target } from "../trial.ts";
import { createWitness, type Witness } from "../witness.ts";
import { azureCorpus } from "./_azure-corpus.ts";
import { toInvocation } from "./_azure-invocation.ts";

/** The settings that connect a function's trigger, by its own name, to a source. */
function settingsOf(fn: FunctionName, source: string): AzureSettings {
  const where = { source } as never;
  return {
    queues: { q: where, orders: where, batch: where },
    topics: { t: where },
    storage: { s: where },
    streams: { s: where },
    buses: { b: where },
    direct: { [nameOf(fn, source)]: { source: source === "activity" ? "activity" : "http" } },
  };
}

const nameOf = (fn: FunctionName, source: string): string => `fuzz-${fn}-${source}`.replace(/-$/, "");

interface Hook {
  readonly inputs: readonly unknown[];
  functionHandler: (...args: unknown[]) => unknown;
}

/** What is seen of one invocation from within the library. */
interface Seen {
  inputs: readonly unknown[] | undefined;
  thrown: unknown;
}

/** Azure Functions, by functions that are registered with the genuine library. */
export function azureTarget(): Target {
  const witness = createWitness();
  const seeds = [...azureSeeds(), ...azureCorpus()];
  const deployed = deployAll(makeFunctions(witness), seeds);
  const seen: Seen = { inputs: undefined, thrown: undefined };
  observe(seen);
  return {
    name: "azure",
    witness,
    seeds: groupSeeds(seeds),
    deliver: async ({ fn, source = "" }, payload) => {
      const name = nameOf(fn, source);
      Object.assign(seen, { inputs: undefined, thrown: undefined });
      let result: unknown;
      try {
        result = await deployed.get(name)?.invoke(name, toInvocation(payload), ({ message, category }) => {
          if (category === "user") process.stdout.write(`${message}\n`);
        });
      } catch (error) {
        // What the library itself refuses never reaches the adapter.
        if (seen.inputs === undefined) return [];
        return error === seen.thrown
          ? checkError(error)
          : [`the library cannot send the answer: ${String(error)}`];
      }
      const http = (result as { returnValue?: { http?: RpcHttp } }).returnValue?.http;
      if (http !== undefined) return checkHttp(fn, source, http, seen, witness);
      return kindOf(fn) === "direct" ? [] : checkDone(seen.inputs?.[0], witness, fn);
    },
  };
}

function deployAll(functions: Readonly<Record<FunctionName, AnyFunction>>, seeds: readonly Seed[]) {
  const deployed = new Map<string, Deployed>();
  for (const { fn, source = "" } of seeds) {
    const name = nameOf(fn, source);
    if (deployed.has(name)) continue;
    const { trigger, handler } = functions[fn];
    const named = defineFunction({ trigger: trigger as never, handler: handler as never, name });
    deployed.set(name, deploy(named as AnyFunction, settingsOf(fn, source)));
  }
  return deployed;
}

/** Notes what reaches the adapter and what it throws, to tell its errors from the library's own. */
function observe(seen: Seen): void {
  const { app } = createRequire(import.meta.url)("@azure/functions") as {
    app: { hook: { preInvocation(hook: (context: Hook) => void): void } };
  };
  app.hook.preInvocation((context) => {
    const { functionHandler } = context;
    seen.inputs = context.inputs;
    context.functionHandler = async (...args) => {
      try {
        return await functionHandler(...args);
      } catch (error) {
        seen.thrown = error;
        throw error;
      }
    };
  });
}

/** The host counts an invocation that does not throw as done: then each of its events was handled. */
function checkDone(input: unknown, { started, done, reaction }: Witness, fn: FunctionName): string[] {
  if (started !== done) return [`${started} events reached the handler, ${done} were handled`];
  const isFine = reaction === "done" || reaction === "echo" || reaction === "every-other";
  if (!isFine && started > 0) return ["a failure was acknowledged"];
  const isEmpty = Array.isArray(input) && input.length === 0;
  // Events of directories, policies and files that are still open are no object's.
  return done > 0 || isEmpty || fn === "storage"
    ? []
    : ["an invocation was acknowledged in which nothing was handled"];
}

function checkHttp(fn: FunctionName, source: string, http: RpcHttp, seen: Seen, witness: Witness): string[] {
  const { statusCode, headers = {}, cookies = [], body } = http;
  const status = Number(statusCode);
  const lines = Object.entries(headers);
  const isCookie = ([name]: readonly [string, string]): boolean => name.toLowerCase() === "set-cookie";
  const objects = cookies.map(({ name, value, path }) => `${name}=${value}; Path=${path?.value ?? ""}`);
  const set = [...lines.filter(isCookie).map(([, value]) => value), ...objects];
  const text = body?.string ?? Buffer.from(body?.bytes ?? []).toString();
  const answer = { status, headers: lines.filter((line) => !isCookie(line)), cookies: set, body: text };
  const problems = checkAnswer(answer, witness);
  if (source !== "event-grid-webhook" || status > 299) return problems;
  const { method } = (seen.inputs?.[0] ?? {}) as { readonly method?: string };
  const isHandshake = method === "OPTIONS" || text.includes("validationResponse");
  return isHandshake
    ? problems
    : [...problems, ...checkDone(witness.started === 0 ? [] : undefined, witness, fn)];
}
