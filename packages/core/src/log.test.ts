import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogger, toLogLine } from "./log.ts";

function logged(value: unknown): unknown {
  return (JSON.parse(toLogLine({ value })) as { value: unknown }).value;
}

describe("a log line", () => {
  test("is one line of JSON, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
        (value) => {
          const line = toLogLine({ message: "m", value });
          expect(line).not.toContain("\n");
          expect(JSON.parse(line)).toMatchObject({ message: "m" });
        },
      ),
    );
  });

  test("cycles are cut, what merely occurs twice is not", () => {
    const shared = { a: 1 };
    const cyclic: Record<string, unknown> = { one: shared, two: shared };
    cyclic.self = cyclic;
    cyclic.list = [cyclic];
    expect(logged(cyclic)).toEqual({
      one: { a: 1 },
      two: { a: 1 },
      self: "[circular]",
      list: ["[circular]"],
    });
  });

  test("credentials in lists of names and values are redacted", () => {
    const rawHeaders = ["Host", "shop.example", "Authorization", "Bearer x", "X-Api-Key", "y"];
    expect(logged({ rawHeaders })).toEqual({
      rawHeaders: ["Host", "shop.example", "Authorization", "[redacted]", "X-Api-Key", "[redacted]"],
    });
    expect(logged([["cookie", "sid=1"]])).toEqual([["cookie", "[redacted]"]]);
    expect(logged(["a", "password", "b"])).toEqual(["a", "password", "b"]);
  });

  test("what is too deep is cut", () => {
    let deep: unknown = "end";
    for (let level = 0; level < 100; level++) deep = { deep };
    expect(toLogLine({ deep })).toContain("[too deep]");
    const endless = { toJSON: (): unknown => ({ toJSON: endless.toJSON }) };
    expect(logged(endless)).toBe("[too deep]");
  });

  test.each([
    [12345678901234567890n, "12345678901234567890"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), null],
    [new Uint8Array(5), "[5 bytes]"],
    [
      [1n, undefined, () => {}],
      ["1", null, null],
    ],
    [Object.create({ inherited: 1 }), {}],
  ])("%s", (value, expected) => {
    expect(logged(value)).toEqual(expected);
  });

  test("errors carry their class, members, causes and parts", () => {
    class OddError extends TypeError {
      override readonly name = "OddError";
      readonly details = { count: 1n };
    }
    const error = new OddError("odd", { cause: new Error("root", { cause: "text" }) });
    expect(logged(error)).toEqual({
      name: "OddError",
      message: "odd",
      stack: expect.stringContaining("log.test.ts"),
      details: { count: "1" },
      cause: { name: "Error", message: "root", stack: expect.any(String), cause: "text" },
    });
    const both = new AggregateError([new Error("one"), new Error("two")], "both");
    expect(logged(both)).toMatchObject({ message: "both", errors: [{ message: "one" }, { message: "two" }] });
    error.cause = error;
    expect(logged(error)).toMatchObject({ cause: "[circular]" });
  });

  test.each([
    "authorization",
    "Authorization",
    "cookie",
    "set-cookie",
    "cookies",
    "x-api-key",
    "apiKey",
    "x-functions-key",
    "dbPassword",
    "x-vendor-security-token",
    "api_key",
    "password",
    "secret",
    "clientSecret",
    "accessToken",
    "refresh_token",
    "token",
  ])("the value under %s is not shown, at any depth", (name) => {
    const value = `value of ${name}`;
    const line = toLogLine({ [name]: value, deep: [{ headers: { [name]: [value], ok: "shown" } }] });
    expect(line).not.toContain(value);
    expect(line).toContain("shown");
  });

  test("a credential that is absent is shown as absent", () => {
    expect(logged({ token: null, password: undefined })).toEqual({ token: null });
  });

  test("a member that cannot be read does not lose the entry, nor show its credentials", () => {
    const broken = {
      get member(): never {
        throw new Error("no access");
      },
    };
    const line = toLogLine({ severity: "ERROR", message: "m", password: "hidden", broken });
    expect(JSON.parse(line)).toEqual({ severity: "ERROR", message: "m", unwritable: "Error: no access" });
  });
});

test("the logger passes level, message, fields and context on", () => {
  const entries: unknown[][] = [];
  const ctx = {} as Parameters<typeof createLogger>[1];
  const log = createLogger((...entry) => void entries.push(entry), ctx);
  log.debug("a");
  log.info("b", { n: 1 });
  log.warn("c");
  log.error("d");
  expect(entries).toEqual([
    ["debug", "a", undefined, ctx],
    ["info", "b", { n: 1 }, ctx],
    ["warn", "c", undefined, ctx],
    ["error", "d", undefined, ctx],
  ]);
});
