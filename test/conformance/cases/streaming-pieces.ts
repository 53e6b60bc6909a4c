import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { constants, createGzip, gunzipSync } from "node:zlib";
import { type Context, reply } from "@anyfn/core";
import { expect } from "vitest";
import type { Case } from "../case.ts";
import { rest, streamed } from "./_streamed.ts";

/** A source that gives its second piece only once the first has been seen. */
const gated = (title: string, wrap: (source: AsyncGenerator<Uint8Array>) => unknown): Case =>
  streamed({ id: "T1", title: `sends the first piece of ${title} before the source has its second` }, () => {
    const seen = Promise.withResolvers<void>();
    async function* source() {
      yield Buffer.from("first ");
      await seen.promise;
      yield Buffer.from("second");
    }
    return {
      answer: () => wrap(source()),
      check: async (answer) => {
        expect(await answer.next()).toBe("first ");
        seen.resolve();
        expect(await rest(answer)).toBe("second");
      },
    };
  });

const MOVED = { location: "/there" };
/** Answers without a body, on a front that streams. */
const BODILESS = [
  ["a redirect", () => reply(undefined, { status: 302, headers: MOVED }), 302],
  ["204", () => reply(undefined, { headers: MOVED }), 204],
  ["304", () => reply(undefined, { status: 304, headers: MOVED }), 304],
  ["a stream without a piece", () => reply(nothing(), { status: 201, headers: MOVED }), 201],
  ["a stream of empty pieces", () => reply(empty(), { status: 201, headers: MOVED }), 201],
] as const;

/** More than sockets and streams hold between a function and a caller on one machine. */
const PIECE = Buffer.alloc(256 * 1024, "a");
const PIECES = 128;

/** Streamed answers. */
export const STREAMED_PIECES: readonly Case[] = [
  gated("a generator", (source) => reply(source)),
  gated("a web stream", (source) => reply(ReadableStream.from(source))),
  gated("a stream of Node", (source) => reply(Readable.from(source))),
  gated(
    "a WHATWG response",
    (source) => new Response(ReadableStream.from(source) as ReadableStream<Uint8Array>),
  ),
  ...BODILESS.map(([what, answer, status]) =>
    streamed({ id: "T2", title: `sends status and headers of ${what}` }, () => ({
      answer,
      check: async (arriving) => {
        expect(arriving.status).toBe(status);
        expect(arriving.headers.find(([name]) => name === "location")).toEqual(["location", "/there"]);
        expect(await rest(arriving)).toBe("");
      },
    })),
  ),
  streamed({ id: "T3", title: "sends both cookies ahead of the pieces" }, (name) => ({
    answer: () => reply(once("a"), { cookies: ["sid=YWJj; Path=/", "theme=dark; Path=/; SameSite=Lax"] }),
    check: async (answer) => {
      const cookies = answer.headers.filter(([header]) => header === "set-cookie").map(([, value]) => value);
      expect(cookies).toEqual(["sid=YWJj; Path=/", "theme=dark; Path=/; SameSite=Lax"]);
      expect(await rest(answer)).toBe("a");
      expect(name).toBeDefined();
    },
  })),
  streamed(
    {
      id: "T4",
      title: "asks the source for no more than the caller takes, and loses nothing",
      decision:
        "Azure's library reads a body as fast as it comes, whatever the caller takes; the adapter says so in its notes.",
    },
    (name) => {
      let asked = 0;
      async function* source() {
        for (; asked < PIECES; asked++) yield PIECE;
      }
      return {
        answer: () => reply(source()),
        check: async (answer, { adapter }) => {
          await settled(() => asked);
          if (name === "azure") expect(JSON.stringify(adapter.capabilities.http)).toContain("slow caller");
          else expect(asked).toBeLessThan(PIECES / 2);
          expect((await rest(answer)).length).toBe(PIECES * PIECE.length);
        },
      };
    },
  ),
  streamed({ id: "T9", title: "does not hold pieces back for a middleware that watches them" }, () => {
    const seen = Promise.withResolvers<void>();
    async function* source() {
      yield "first ";
      await seen.promise;
      yield "second";
    }
    const passed: string[] = [];
    return {
      answer: () => reply(source()),
      use: [
        async (_event: unknown, ctx: Context, next: () => Promise<{ body: AsyncIterable<string> }>) => {
          const answer = await next();
          ctx.log.info("answering", { trace: ctx.trace });
          return Object.assign(answer, { body: watched(answer.body, passed) });
        },
      ],
      check: async (answer) => {
        expect([await answer.next(), passed]).toEqual(["first ", ["first "]]);
        seen.resolve();
        expect([await rest(answer), passed]).toEqual(["second", ["first ", "second"]]);
      },
    };
  }),
  streamed({ id: "T9", title: "does not hold pieces back that are compressed as they come" }, () => {
    const seen = Promise.withResolvers<void>();
    async function* source() {
      yield "first ";
      await seen.promise;
      yield "second";
    }
    const gzip = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
    const inBase64 = async function* () {
      for await (const piece of Readable.from(source()).pipe(createGzip(gzip)))
        yield `${piece.toString("base64")}\n`;
    };
    const inflate = (lines: string) => {
      const bytes = Buffer.concat(
        lines
          .trim()
          .split("\n")
          .map((line) => Buffer.from(line, "base64")),
      );
      return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    };
    return {
      answer: () => reply(inBase64()),
      check: async (answer) => {
        let lines = "";
        // The head of the format and the first piece may come one after the other.
        while (inflate(lines) !== "first ") lines += await answer.next();
        seen.resolve();
        expect(inflate(lines + (await rest(answer)))).toBe("first second");
      },
    };
  }),
];

async function* watched(body: AsyncIterable<string>, passed: string[]): AsyncGenerator<string> {
  for await (const piece of body) {
    passed.push(piece);
    yield piece;
  }
}

/** Waits until a count does not change any more for many turns of the event loop. */
async function settled(count: () => number): Promise<void> {
  let before = -1;
  while (before !== count()) {
    before = count();
    for (let turns = 0; turns < 200; turns++) await turn();
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
async function* nothing(): AsyncGenerator<string> {}
async function* empty(): AsyncGenerator<string> {
  yield "";
  yield "";
}
