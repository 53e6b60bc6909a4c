import { type AnyFunction, defineFunction, direct, http, queue, schedule } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { DEFINITIONS, inputOf } from "./_testing.ts";
import { adapter } from "./index.ts";
import type { AwsSettings } from "./settings.ts";

const handler = () => undefined;

describe("what cannot be had is refused", () => {
  const reasons = (definition: AnyFunction, settings: AwsSettings) =>
    adapter.refuse(inputOf({ fn: definition }, settings)).map(({ reason }) => reason);
  const page = defineFunction({ trigger: http.get("/"), handler });
  const slow = defineFunction({ trigger: http.get("/"), timeout: 60, handler });
  const berlin = defineFunction({ trigger: schedule("0 2 * * *", { timeZone: "Europe/Berlin" }), handler });
  const set = (own: NonNullable<AwsSettings["functions"]>[string]): AwsSettings => ({
    functions: { fn: own },
  });

  test.each<[string, AnyFunction, AwsSettings, readonly RegExp[]]>([
    [
      "a stream from an HTTP API",
      page,
      { front: "http-api", streaming: true },
      [/An HTTP API cannot stream/],
    ],
    [
      "a minute of an HTTP API",
      slow,
      { front: "http-api" },
      [/waits for 30 seconds at most, and the timeout is 60/],
    ],
    ["a minute of a REST API", slow, { front: "rest-api" }, [/waits for 29 seconds unless it streams/]],
    ["a minute of a URL", slow, {}, []],
    ["a source for requests", page, set({ source: "alb" }), [/which has `front`/]],
    [
      "a front for messages",
      defineFunction({ trigger: queue("q"), handler }),
      set({ front: "rest-api" }),
      [/`front` is for HTTP/],
    ],
    ["a source that is none", berlin, set({ source: "cron" }), [/There are: "scheduler", "rule", "none"/]],
    ["a rule in a time zone", berlin, set({ source: "rule" }), [/A rule runs in UTC/]],
    [
      "eleven messages of a FIFO queue",
      defineFunction({ trigger: queue("q", { batchSize: 11 }), handler }),
      set({ source: "sqs-fifo" }),
      [/10 messages at most, and the batchSize is 11/],
    ],
    [
      "notifications of somebody's bucket",
      DEFINITIONS.resize as AnyFunction,
      set({ source: "s3" }),
      [/Add it to `create`/],
    ],
    [
      "a topic for a new bucket",
      DEFINITIONS.scan as AnyFunction,
      { create: true, ...set({ source: "sns" }) },
      [/Set `source` to one of them/],
    ],
    [
      "a Kafka cluster",
      DEFINITIONS["on-click"] as AnyFunction,
      set({ source: "msk" }),
      [/whose network it does not know/],
    ],
    [
      "a queue that nobody reads",
      page,
      { create: ["orders"] },
      [/names "orders", which no function's trigger names/],
    ],
    [
      "a variable of Lambda's",
      page,
      { environment: { AWS_REGION: "eu-west-1" } },
      [/sets the variable AWS_REGION itself/],
    ],
    [
      "too much environment",
      page,
      { environment: { A_TEXT: "é".repeat(2048) } },
      [/takes 4096 bytes of environment/],
    ],
    ["a call that needs nothing", defineFunction({ trigger: direct(), handler }), {}, []],
  ])("%s", (_case, definition, settings, expected) => {
    expect(reasons(definition, settings)).toEqual(expected.map((reason) => expect.stringMatching(reason)));
  });

  test.each([
    [["s3:*"], ["arn:aws:s3:::images/a"]],
    [["*"], ["arn:aws:s3:::images/a"]],
    [["s3:Get?"], ["arn:aws:s3:::images/a"]],
    [["s3:GetObject"], ["*"]],
    [["s3:GetObject"], ["arn:aws:s3:::*"]],
    [["s3:GetObject"], ["arn:aws:s3:::images*"]],
    [["s3:GetObject"], ["arn:aws:s3:::*/raw"]],
    [["sqs:SendMessage"], ["arn:aws:sqs:*:123456789012:orders"]],
    [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:123456789012:table/*"]],
    [[], ["arn:aws:s3:::images/a"]],
    [["s3:GetObject"], []],
  ])("the permission %j on %j", async (actions, resources) => {
    const settings = { functions: { fn: { permissions: [{ actions, resources }] } } };
    expect(await adapter.settings["~standard"].validate(settings)).toHaveProperty("issues");
  });
});
