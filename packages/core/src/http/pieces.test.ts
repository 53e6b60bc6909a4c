import { describe, expect, test, vi } from "vitest";
import type { InvocationContext } from "../context.ts";
import { collect, openPieces } from "./pieces.ts";

const ever = { giveUpAt: undefined } as InvocationContext;
const soon = () => ({ giveUpAt: Date.now() + 30 }) as InvocationContext;

describe("a streamed body", () => {
  test("gives bytes, of text its UTF-8", async () => {
    async function* source(): AsyncGenerator<string | Uint8Array> {
      yield "é";
      yield Uint8Array.of(0);
      yield "";
    }
    const pieces = openPieces(source(), ever);
    expect([await pieces.next(), await pieces.next(), await pieces.next(), await pieces.next()]).toEqual([
      Buffer.from([195, 169]),
      Uint8Array.of(0),
      Buffer.of(),
      undefined,
    ]);
    expect([...(await collect(source(), ever))]).toEqual([195, 169, 0]);
  });

  test.each([5, null, undefined, {}])("does not take %o for a piece or its end", async (value) => {
    const source = (async function* () {
      yield value as never;
    })();
    await expect(collect(source, ever)).rejects.toMatchObject({ code: "invalid-answer" });
  });

  test("fails with its source, and at the deadline", async () => {
    async function* broken(): AsyncGenerator<string> {
      yield "a";
      throw new RangeError("broken");
    }
    await expect(collect(broken(), ever)).rejects.toThrow(RangeError);
    const cancel = vi.fn();
    await expect(collect(new ReadableStream({ cancel }), soon())).rejects.toMatchObject({ code: "timeout" });
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("is let go where its reader stops, though it is busy", async () => {
    const cancel = vi.fn();
    const pieces = openPieces(new ReadableStream({ cancel }), ever);
    const next = pieces.next();
    pieces.stop(new RangeError("gone"));
    await expect(next).rejects.toThrow(RangeError);
    await expect(pieces.until(Promise.resolve())).rejects.toThrow(RangeError);
    pieces.close();
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("is not let go behind its end", async () => {
    const iterator = { next: () => ({ done: true }), return: vi.fn() };
    const pieces = openPieces({ [Symbol.asyncIterator]: () => iterator as never }, ever);
    expect(await pieces.next()).toBeUndefined();
    pieces.close();
    expect(iterator.return).not.toHaveBeenCalled();
  });

  test("may fail to be let go", async () => {
    const iterator = {
      next: () => Promise.reject(new Error("a")),
      return: () => Promise.reject(new Error("b")),
    };
    await expect(collect({ [Symbol.asyncIterator]: () => iterator as never }, ever)).rejects.toThrow("a");
  });
});
