import { describe, expect, test } from "vitest";
import { AnyfnError, DeadLetter, HttpError, Retry, toError, unknownPayload } from "./errors.ts";

test("the message says where an error arose", () => {
  const cause = new Error("root");
  const error = new AnyfnError("invalid-payload", "No.", {
    provider: "p",
    trigger: "queue",
    path: "a.b",
    cause,
  });
  expect(error).toMatchObject({
    message: "[p/queue] No.",
    code: "invalid-payload",
    provider: "p",
    trigger: "queue",
    path: "a.b",
    cause,
    name: "AnyfnError",
  });
  expect(new AnyfnError("build", "No.", { provider: "p" }).message).toBe("[p] No.");
  expect(new AnyfnError("build", "No.").message).toBe("No.");
});

test.each([
  [new HttpError(404, "d"), "http", "HttpError"],
  [new Retry(), "retry", "Retry"],
  [new DeadLetter("d"), "dead-letter", "DeadLetter"],
])("%s has the code %s", (error, code, name) => {
  expect(error).toBeInstanceOf(AnyfnError);
  expect(error).toMatchObject({ code, name });
});

test.each([
  [400, 400],
  [599, 599],
  [399, 500],
  [600, 500],
  [404.5, 500],
  [Number.NaN, 500],
])("an HttpError of %s has the status %s", (given, status) => {
  expect(new HttpError(given, "d").status).toBe(status);
});

describe("an unknown payload is described by its keys, never its values", () => {
  test.each([
    [{ Records: ["secret"], other: "secret" }, 'an object with the keys ["Records","other"]'],
    [{}, "an object with the keys []"],
    [["secret", 2], "a list of 2"],
    [null, "null"],
    ["secret", "a string"],
    [undefined, "a undefined"],
  ])("%j", (value, shape) => {
    const error = unknownPayload(value, "p", "queue", "a batch");
    expect(error).toMatchObject({ code: "unknown-payload", provider: "p", trigger: "queue" });
    expect(error.message).toContain(`it is ${shape}.`);
    expect(error.message).not.toContain("secret");
  });

  test("long and many keys are cut", () => {
    const keys = Array.from({ length: 30 }, (_, index) => [`key${index}${"x".repeat(100)}`, 1]);
    const { message } = unknownPayload(Object.fromEntries(keys), "p", "queue", "a batch");
    expect(message.length).toBeLessThan(1200);
    expect(message).toContain("key0");
    expect(unknownPayload({ ...Array(30).fill(1) }, "p", "queue", "a batch").message).toMatch(/"19"\]/);
  });
});

test("whatever is thrown becomes an Error", () => {
  const error = new TypeError("t");
  expect(toError(error)).toBe(error);
  expect(toError("text")).toMatchObject({ message: "text", cause: "text" });
  expect(toError(undefined)).toMatchObject({ message: "A undefined was thrown, not an Error." });
  expect(toError({ a: 1 })).toMatchObject({ cause: { a: 1 } });
});
