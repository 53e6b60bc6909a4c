import { defineFunction, http, queue } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { jsonError, xmlError } from "../../../../test/support/aws-service.ts";
import type { RecordedRequest } from "../../../../test/support/recording-server.ts";
import { type Functions, startWorld, type World } from "./_testing.ts";

const handler = () => undefined;
const parameters = { OrdersQueueArn: "arn:aws:sqs:eu-central-1:123456789012:orders" };
const settings = { front: "function-url", parameters } as const;

/** Two functions whose code is the given text. */
const app = (code: string, memory = 128): Functions => ({
  hello: [defineFunction({ trigger: http.get("/hello"), memory, handler }), code],
  orders: [defineFunction({ trigger: queue("orders"), memory, handler }), code],
});

const isWrite = ({ method, headers, body }: RecordedRequest) =>
  /^(?:POST|PUT|DELETE)$/.test(method) &&
  !/\.(?:Get|List|Describe)/.test(String(headers["x-amz-target"])) &&
  !/^Action=(?:Get|List)/.test(body.toString());

/** Refuses one write, in the words of the service that is asked. */
function refuse({ server }: World, index: number): void {
  let count = 0;
  const denied = "User tests is not authorized";
  const when = (service: "iam" | "other") => (request: RecordedRequest) => {
    const isIam = request.body.toString().startsWith("Action=");
    return isWrite(request) && isIam === (service === "iam") && count++ === index;
  };
  // Both count the same writes: the one that does not fit leaves the count alone.
  server.failWith({ when: when("iam"), answer: xmlError(403, "AccessDenied", denied), times: 1 });
  server.failWith({ when: when("other"), answer: jsonError(403, "AccessDeniedException", denied), times: 1 });
}

const served = ({ lambda }: World) =>
  ["shop-dev-hello", "shop-dev-orders"].map((name) => lambda.served(name));

describe("a failure", () => {
  const first = [...Array(18).keys()];
  it.each(first)("at write %i of the first deployment leaves what the next one completes", async (index) => {
    await using world = await startWorld();
    refuse(world, index);
    const failed = world.deploy(app("one"), { settings });
    await expect(failed).rejects.toThrow(
      /^\d+ of \d+ changes were made, then this failed:\n.*not authorized.*right/s,
    );
    await expect(failed).rejects.toThrow(/run the same command again/);
    world.server.recover();
    await world.deploy(app("one"), { settings });
    expect(served(world)).not.toContain(undefined);
    expect(await world.deploy(app("one"), { settings })).toEqual([]);
  });

  it("comes after all of the writes that are tried above", async () => {
    await using world = await startWorld();
    expect(await world.deploy(app("one"), { settings })).toHaveLength(first.length);
  });

  it.each([...Array(6).keys()])("at write %i of a change leaves what served before", async (index) => {
    await using world = await startWorld();
    await world.deploy(app("one"), { settings });
    const before = served(world);
    refuse(world, index);
    await expect(world.deploy(app("two", 256), { settings })).rejects.toThrow(
      /What served before serves as it did/,
    );
    expect(served(world)).toEqual(before);
    world.server.recover();
    await world.deploy(app("two", 256), { settings });
    expect(served(world)).toMatchObject([{ MemorySize: 256 }, { MemorySize: 256 }]);
    expect(await world.deploy(app("two", 256), { settings })).toEqual([]);
  });
});
