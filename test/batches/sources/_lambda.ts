import { type LambdaOptions, toLambda } from "@anyfn/aws";
import { lambdaContextOf } from "../../../adapters/aws/src/_testing.ts";
import { keptAsWhole, thrownFor } from "../oracle.ts";
import { type Answer, type Sent, type Source, type State, settle } from "../source.ts";

type Failures = { readonly returned: { readonly batchItemFailures: readonly { itemIdentifier: unknown }[] } };

/** The identifiers of an answer. */
export const identifiersIn = (answer: Answer): readonly unknown[] =>
  (answer as Failures).returned.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
/** The answer with these identifiers. */
export const reporting = (identifiers: Iterable<unknown>): object => ({
  returned: { batchItemFailures: Array.from(identifiers, (itemIdentifier) => ({ itemIdentifier })) },
});
/** Whether a message must be delivered again. */
export const isFailed = ({ verdict }: State): boolean => verdict !== "done";
export const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A handler on Lambda. */
export function lambda(
  options: LambdaOptions = {},
): Pick<Source, "adapter" | "deploy" | "size" | "undecodable"> {
  return {
    adapter: "aws",
    size: Number.POSITIVE_INFINITY,
    undecodable: "retry",
    deploy: async (definition) => {
      const handler = toLambda(definition, options);
      return (payload) => {
        const end = Date.now() + definition.timeout * 1000;
        const context = lambdaContextOf({ getRemainingTimeInMillis: () => Math.max(0, end - Date.now()) });
        return settle(async () => handler(JSON.parse(JSON.stringify(payload)), context));
      };
    },
  };
}

/** Takes one verdict on an invocation. */
export const whole = {
  ...lambda(),
  expected: (states: readonly State[]) => {
    const expected = thrownFor(states);
    return states.some(isFailed) ? expected : { returned: { batchItemFailures: [] } };
  },
  kept: keptAsWhole,
} satisfies Partial<Source>;

/** A change of an object. */
export const object = ({ key }: Sent): object => ({
  eventSource: "aws:s3",
  eventName: "ObjectCreated:Put",
  s3: { bucket: { name: "jobs" }, object: { key } },
});
