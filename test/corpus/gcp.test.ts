import type { HttpEvent, TriggerKind } from "@anyfn/core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { fixtureNamed, readFixtures } from "./fixtures.ts";
import { deliver, deliverParsed, isRequest } from "./gcp-delivery.ts";
import { EXPECTED } from "./gcp-facts.ts";

const fixtures = readFixtures("gcp");

describe.runIf(fixtures !== undefined)("the corpus of Google Cloud", () => {
  const all = fixtures ?? [];
  const fixtureOf = (name: string) => fixtureNamed(all, name);

  beforeAll(() => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
  });

  test("has an expectation for each payload", () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(all.map(({ name }) => name).sort());
  });

  const cases = Object.entries(EXPECTED).flatMap(([name, facts]) =>
    Object.entries(facts).map(([kind, expected]) => [name, kind as TriggerKind, expected] as const),
  );
  test.each(cases)("%s by %s", async (name, kind, expected) => {
    const { status, events, code } = await deliver(fixtureOf(name), kind);
    if (expected === "unknown-payload")
      expect({ status, code, events }).toEqual({ status: 400, code: expected, events: [] });
    else expect({ status, events }).toEqual({ status: 204, events: [expect.toSatisfy(matches(expected))] });
  });

  /** The framework hands over parsed bodies in its other signatures, and the same must come out. */
  const bodies = new Set(all.filter((fixture) => !isRequest(fixture.load())).map(({ name }) => name));
  test.each(cases.filter(([name, kind]) => bodies.has(name) && kind !== "direct"))(
    "%s by %s, parsed by the framework",
    async (name, kind, expected) => {
      const { events, code } = await deliverParsed(fixtureOf(name), kind);
      if (expected === "unknown-payload") expect({ code, events }).toEqual({ code: expected, events: [] });
      else expect(events).toEqual([expect.toSatisfy(matches(expected))]);
    },
  );

  test("requests keep URL, caller, trace and bytes", async () => {
    const seen = async (name: string) => (await deliver(fixtureOf(name), "http")).events[0] as HttpEvent;
    const get = await seen("http/get-query");
    expect(get.url).toBe("https://hello-abcdefghij-uc.a.run.app/hello?name=world");
    expect(get.clientIp).toBe("203.0.113.10");
    expect(get.query.get("name")).toBe("world");
    expect(get.body).toBeUndefined();
    expect(await (await seen("http/post-json")).json()).toEqual({ name: "Zoë", n: 1 });
    const file = (await (await seen("http/post-multipart")).formData()).get("f") as File;
    expect(file.name).toBe("a.bin");
    expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([0, 255]);
  });
});

function matches(expected: object) {
  return (event: unknown) => {
    expect(event).toEqual(expected);
    return true;
  };
}
