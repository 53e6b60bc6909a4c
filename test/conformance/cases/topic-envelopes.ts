import { defineFunction, storage, topic } from "@anyfn/core";
import type { Case } from "../case.ts";
import { fifoRecord, records, sqsRecord } from "../payloads/aws/messages.ts";
import { everyWayOf, s3Record } from "../payloads/aws/s3.ts";
import { snsConfirmation, snsEnvelope } from "../payloads/aws/sns.ts";
import { bytes, serviceBus } from "../payloads/azure/messages.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent } from "../payloads/node/cloudevents.ts";
import { objectChange } from "../payloads/objects.ts";
import { published } from "../payloads/published.ts";
import { queued } from "../payloads/queued.ts";
import { DONE, failed, seeText as seeQueued } from "./_consumers.ts";
import { ATTRIBUTES, DECODED, PUBLISHED, SNS_ID, SQS_ID, seeText, seeWhole } from "./_topics.ts";

/** Messages of a user's own that resemble the envelope of SNS. */
const RESEMBLING: readonly string[] = [
  '{"Type":"Notification"}',
  '{"Type":"Notification","Message":"a"}',
  '{"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","Message":"a"}',
  '{"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","MessageId":"1"}',
  '{"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","MessageId":1,"Message":"a"}',
  '{"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","MessageId":"1","Message":{"a":1}}',
  '{"Type":"Notification","TopicArn":null,"MessageId":"1","Message":"a"}',
  '{"Type":"Order","TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","MessageId":"1","Message":"a"}',
  '{"TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","MessageId":"1","Message":"a"}',
  `[${snsEnvelope("a")}]`,
  JSON.stringify(snsEnvelope("a")),
  `${snsEnvelope("a")} and more`,
  JSON.stringify(snsConfirmation()),
  '{"message":{"data":"YQ==","messageId":"1"},"subscription":"projects/p/subscriptions/s"}',
  '{"Data":{"message":"a"},"Metadata":{"MessageId":"1"}}',
  JSON.stringify(cloudEvent({ data: "a" })),
];

const KEY = "raw/café 100%25+1.png";

/** What is around a message on its way. */
export const TOPIC_ENVELOPES: readonly Case[] = [
  {
    id: "E2",
    title: "takes a message out of the envelope in which SNS queues it",
    needs: { trigger: "topic", source: "SNS topic through an SQS queue" },
    define: seeWhole,
    native: {
      aws: [
        records(sqsRecord(snsEnvelope("hello", { MessageAttributes: ATTRIBUTES }))),
        records(sqsRecord(snsEnvelope("hello", { MessageAttributes: ATTRIBUTES, Subject: null }))),
        records(
          sqsRecord(JSON.stringify(JSON.parse(snsEnvelope("hello", { MessageAttributes: ATTRIBUTES })))),
        ),
        records(
          fifoRecord(snsEnvelope("hello", { MessageAttributes: ATTRIBUTES, SequenceNumber: "1" }), "a"),
        ),
      ],
    },
    expect: {
      seen: [{ ...PUBLISHED, text: "hello", attributes: DECODED }],
      answer: { batchItemFailures: [] },
    },
  },
  {
    id: "E2",
    title: "reports a failed message by the id that its deliverer knows, whatever id it has itself",
    define: (see) =>
      defineFunction({
        trigger: topic("shipments"),
        handler: ({ id }) => {
          see(id);
          throw new Error("no");
        },
      }),
    native: {
      aws: [records(sqsRecord(snsEnvelope("a")))],
      azure: [serviceBus(bytes(snsEnvelope("a")), { MessageId: SNS_ID })],
      gcp: [push(pubsubMessage(snsEnvelope("a"), { messageId: SNS_ID }))],
      node: [binary(cloudEvent({ id: SNS_ID }), snsEnvelope("a"), "text/plain")],
    },
    expect: { seen: [SNS_ID] },
    expectOn: failed(SQS_ID),
  },
  {
    id: "E3",
    title: "gives a message of raw delivery with the attributes of its queue",
    needs: { trigger: "topic", source: "SNS topic through an SQS queue" },
    define: seeWhole,
    native: {
      aws: [
        records(
          sqsRecord("hello", {
            messageAttributes: { tenant: { dataType: "String", stringValue: "acme" } },
          }),
        ),
      ],
    },
    expect: {
      seen: [{ ...PUBLISHED, id: SQS_ID, topic: undefined, text: "hello", attributes: { tenant: "acme" } }],
    },
  },
  ...RESEMBLING.map(
    (text): Case => ({
      id: "E3",
      title: `takes nothing out of a message that only resembles an envelope: ${text.slice(0, 100)}`,
      define: seeText,
      native: published(text),
      expect: { seen: [text] },
      expectOn: DONE,
    }),
  ),
  {
    id: "E4",
    title: "takes out the envelopes of a declared chain and decodes the key once",
    define: (see) =>
      defineFunction({ trigger: storage("images"), handler: ({ bucket, key }) => see([bucket, key]) }),
    native: {
      ...objectChange("created", KEY),
      aws: everyWayOf(s3Record("raw/caf%C3%A9+100%2525%2B1.png")),
    },
    expect: { seen: [["images", KEY]] },
  },
  {
    id: "E4",
    title: "leaves what a topic's message holds as it was published",
    define: seeText,
    native: published(JSON.stringify(records(s3Record("raw/a+b.png")))),
    expect: { seen: [JSON.stringify(records(s3Record("raw/a+b.png")))] },
  },
  {
    id: "E4",
    title: "leaves the envelope of a topic to a function that is connected to a queue",
    define: seeQueued,
    native: queued(snsEnvelope("hello")),
    expect: { seen: [snsEnvelope("hello")] },
  },
];
