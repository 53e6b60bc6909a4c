import type { Context } from "@anyfn/core";
import type { Case } from "../case.ts";
import type { Arriving } from "../harness/arriving.ts";
import type { Harness } from "../harness.ts";
import { answering, GET } from "../payloads/answers.ts";

/** Options with which each adapter streams. */
const STREAMING = { aws: { streaming: true }, azure: { streaming: true }, gcp: {}, node: {} };

interface Streamed {
  /** Makes the answer; the generator's end is that of the case. */
  readonly answer: (ctx: Context) => unknown;
  readonly timeout?: number;
  readonly use?: readonly unknown[];
}

/** Opens a streamed answer, and closes everything behind it. */
export function streamed(
  item: Pick<Case, "id" | "title" | "decision">,
  prepare: (
    name: string,
  ) => Streamed & { readonly check: (answer: Arriving, harness: Harness) => Promise<void> },
): Case {
  return {
    ...item,
    define: answering(() => "ok"),
    scenario: async (harness) => {
      const { answer, check, ...options } = prepare(harness.adapter.name);
      const definition = answering((_event, ctx) => answer(ctx), options)(() => {});
      const name = harness.adapter.name as keyof typeof STREAMING;
      const deployed = await harness.deploy(definition, STREAMING[name]);
      try {
        await check(await deployed.open(GET), harness);
      } finally {
        await deployed.close?.();
      }
    },
  };
}

/** What is left of an answer, to its proper end. */
export async function rest(answer: Arriving): Promise<string> {
  let text = "";
  for (;;) {
    const piece = await answer.next();
    if (piece === undefined) return text;
    text += piece;
  }
}
