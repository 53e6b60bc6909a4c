import { setImmediate as turn } from "node:timers/promises";
import { reply } from "@anyfn/core";
import { expect } from "vitest";
import type { Case } from "../case.ts";
import { rest, streamed } from "./_streamed.ts";

/** Streamed answers that end before their source does, or with it. */
export const STREAM_ENDS: readonly Case[] = [
  streamed({ id: "T5", title: "answers 500 for a source that fails before its first piece" }, () => ({
    answer: () => reply(failing(), { cookies: ["sid=1"], headers: { "x-a": "1" } }),
    check: async (answer) => {
      expect(answer.status).toBe(500);
      const names = answer.headers.map(([name]) => name);
      expect(names).toContain("x-request-id");
      expect(names).not.toContain("set-cookie");
      expect(names).not.toContain("x-a");
      const body = JSON.parse(await rest(answer));
      expect(body).toMatchObject({ status: 500, detail: "The function failed." });
    },
  })),
  streamed(
    { id: "T5", title: "breaks the answer off where the source fails later, and adds nothing to it" },
    () => {
      const seen = Promise.withResolvers<void>();
      async function* source() {
        yield "first";
        await seen.promise;
        throw new Error("s3cr3t-detail");
      }
      return {
        answer: () => reply(source(), { headers: { "content-type": "text/plain" } }),
        check: async (answer) => {
          expect([answer.status, await answer.next()]).toEqual([200, "first"]);
          seen.resolve();
          await expect(answer.next()).rejects.toThrow();
        },
      };
    },
  ),
  streamed({ id: "T5", title: "answers 500 for a stream that somebody else reads" }, () => ({
    answer: () => {
      const body = new ReadableStream();
      body.getReader();
      return reply(body);
    },
    check: async (answer) => {
      expect([answer.status, JSON.parse(await rest(answer)).status]).toEqual([500, 500]);
    },
  })),
  streamed({ id: "T5", title: "answers 504 for a source that gives nothing in time" }, () => ({
    timeout: 0.3,
    answer: () => reply(silent()),
    check: async (answer) => {
      expect([answer.status, JSON.parse(await rest(answer)).status]).toEqual([504, 504]);
    },
  })),
  streamed({ id: "T5", title: "breaks off at the deadline, and lets the source go" }, () => {
    const gone = Promise.withResolvers<void>();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from("first")),
      cancel: () => gone.resolve(),
    });
    return {
      timeout: 0.3,
      answer: () => reply(body),
      check: async (answer) => {
        expect(await answer.next()).toBe("first");
        await expect(answer.next()).rejects.toThrow();
        await gone.promise;
      },
    };
  }),
  streamed(
    {
      id: "T6",
      title: "lets the source go that waits when the caller goes away",
      decision:
        "Azure's library tells nobody that the caller has gone: there the source is let go at the deadline.",
    },
    (name) => {
      const gone = Promise.withResolvers<void>();
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from("first")),
        cancel: () => gone.resolve(),
      });
      return {
        timeout: name === "azure" ? 0.3 : 30,
        answer: () => reply(body),
        check: async (answer) => {
          expect(await answer.next()).toBe("first");
          answer.leave();
          await gone.promise;
        },
      };
    },
  ),
  streamed({ id: "T6", title: "ends the generator that works when the caller goes away" }, (name) => {
    const gone = Promise.withResolvers<void>();
    async function* source() {
      try {
        for (;;) yield await turn("tick");
      } finally {
        gone.resolve();
      }
    }
    return {
      timeout: name === "azure" ? 0.3 : 30,
      answer: () => reply(source()),
      check: async (answer) => {
        expect(await answer.next()).toMatch(/^(?:tick)+$/);
        answer.leave();
        await gone.promise;
      },
    };
  }),
];

async function* failing(): AsyncGenerator<string> {
  yield await Promise.reject(new Error("s3cr3t-detail"));
}
async function* silent(): AsyncGenerator<string> {
  yield await new Promise<string>(() => {});
}
