import type { Case } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { snsConfirmation, snsEnvelope, snsRecord } from "../payloads/aws/sns.ts";
import { grid, gridCloudEvent, gridEvent, gridHook } from "../payloads/azure/event-grid.ts";
import { bytes, serviceBus } from "../payloads/azure/messages.ts";
import { publishedEvent, pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { binary, cloudEvent, EVENTS, structured } from "../payloads/node/cloudevents.ts";
import { published } from "../payloads/published.ts";
import { DONE, seeingPublished } from "./_consumers.ts";
import { ATTRIBUTES, DECODED, PUBLISHED, SNS_ID, seeText, seeWhole } from "./_topics.ts";

/** What others publish, with none of our attributes. */
const FOREIGN: readonly string[] = [
  "hello",
  "",
  "<alarm><name>cpu</name></alarm>",
  '{"AlarmName":"cpu","NewStateValue":"ALARM","StateChangeTime":"2026-03-01T10:00:00.000+0000"}',
  "null",
];

const snsPost = (message: object, url = "/") =>
  post(url, JSON.stringify(message), "text/plain; charset=UTF-8", [
    ["x-amz-sns-message-type", "SubscriptionConfirmation"],
    ["user-agent", "Amazon Simple Notification Service Agent"],
  ]);

/** Messages of a topic. */
export const TOPICS: readonly Case[] = [
  {
    id: "E1",
    title: "gives a published message with what its publisher attached",
    decision: "Numbers of SNS stay text, as those of SQS do; a list of texts stays the JSON that it is.",
    define: seeWhole,
    native: {
      aws: [records(snsRecord("hello", { MessageAttributes: ATTRIBUTES }))],
      azure: [
        serviceBus(bytes("hello"), {
          MessageId: SNS_ID,
          EnqueuedTimeUtc: "2026-03-01T10:00:00.123Z",
          ApplicationProperties: { tenant: "acme", urgent: true },
        }),
      ],
      gcp: [
        structured(
          publishedEvent(
            pubsubMessage("hello", { messageId: SNS_ID, attributes: { tenant: "acme" }, orderingKey: "" }),
          ),
          "/",
        ),
        push(
          pubsubMessage("hello", { messageId: SNS_ID, attributes: { tenant: "acme" } }),
          {},
          "/projects/shop/topics/orders",
        ),
      ],
      node: [
        binary(
          cloudEvent({ id: SNS_ID, time: "2026-03-01T10:00:00.123Z", tenant: "acme" }),
          "hello",
          "text/plain",
        ),
      ],
    },
    expectOn: {
      aws: { ...DONE.aws, seen: [{ ...PUBLISHED, text: "hello", attributes: DECODED }] },
      azure: {
        ...DONE.azure,
        seen: [
          { ...PUBLISHED, topic: undefined, text: "hello", attributes: { tenant: "acme", urgent: true } },
        ],
      },
      gcp: {
        ...DONE.gcp,
        seen: [
          {
            ...PUBLISHED,
            topic: "projects/shop/topics/orders",
            text: "hello",
            attributes: { tenant: "acme" },
          },
        ],
      },
      node: {
        ...DONE.node,
        seen: [{ ...PUBLISHED, topic: undefined, text: "hello", attributes: { tenant: "acme" } }],
      },
    },
  },
  {
    id: "E1",
    title: "gives the subject where there is one",
    needs: { trigger: "topic", source: ["SNS topic", "Service Bus topic", "CloudEvents over HTTP"] },
    define: seeingPublished(({ subject }) => subject),
    native: {
      aws: [
        records(snsRecord("a", { Subject: "Parcel 7" })),
        records(sqsRecord(snsEnvelope("a", { Subject: "Parcel 7" }))),
      ],
      azure: [
        serviceBus(bytes("a"), { Subject: "Parcel 7", Label: "Parcel 7" }),
        serviceBus(bytes("a"), { Subject: undefined, Label: "Parcel 7" }),
      ],
      node: [
        structured(cloudEvent({ subject: "Parcel 7" })),
        binary(cloudEvent({ subject: "Parcel%207" }), "a"),
      ],
    },
    expect: { seen: ["Parcel 7"] },
  },
  ...FOREIGN.map(
    (text): Case => ({
      id: "E5",
      title: `delivers what others publish: ${text === "" ? "nothing" : text}`,
      define: seeText,
      native: published(text),
      expect: { seen: [text] },
      expectOn: DONE,
    }),
  ),
  {
    id: "E5",
    title: "delivers events of any publisher and type that reach a topic",
    needs: { trigger: "topic", source: "Event Grid topic" },
    define: seeingPublished(({ id, text, subject, attributes }) => [id, text(), subject, attributes.type]),
    options: { azure: { topics: { shipments: { source: "event-grid" } } } },
    native: { azure: [grid(gridEvent()), grid(gridCloudEvent()), grid([gridEvent()])] },
    expect: { seen: [["e-1", '{"sku":"tea"}', "orders/42", "order.placed"]] },
    expectOn: DONE,
  },
  {
    id: "E6",
    title: "refuses what SNS posts to an HTTP endpoint, neither confirming nor acknowledging it",
    decision:
      "No adapter takes SNS over HTTP: confirming would need a request to a URL that anyone can send. The subscription stays pending.",
    define: seeText,
    options: { azure: { topics: { shipments: { source: "event-grid-webhook" } } } },
    native: {
      aws: [snsConfirmation(), httpEvent("http-api", snsPost(snsConfirmation()))],
      azure: [
        gridHook(JSON.stringify(snsConfirmation()), [["x-amz-sns-message-type", "SubscriptionConfirmation"]]),
      ],
      gcp: [snsPost(snsConfirmation(), "/")],
      node: [snsPost(snsConfirmation(), EVENTS)],
    },
    expect: { seen: [], error: "unknown-payload", notLogged: [/2336412f37/] },
    expectOn: {
      azure: { reply: { status: 400 } },
      gcp: { reply: { status: 400 } },
      node: { reply: { status: 400 } },
    },
  },
];
