import type { AnyFunction } from "@anyfn/core";
import type { See } from "../case.ts";
import { plain, seeingPublished } from "./_consumers.ts";

/** Notes the text of what was published. */
export const seeText: (see: See) => AnyFunction = seeingPublished(({ text }) => text());
/** Notes all that a published message says. */
export const seeWhole: (see: See) => AnyFunction = seeingPublished(
  ({ id, text, subject, topic: name, enqueuedAt, attributes }) => ({
    id,
    text: text(),
    subject,
    topic: name,
    enqueuedAt: enqueuedAt?.toISOString(),
    attributes: plain(attributes),
  }),
);

/** SNS has its own id of a message, and the queue behind it another. */
export const SNS_ID = "5d0e2f1c-7a43-5b9e-8f60-7c1a9e3b2d44";
export const SQS_ID = "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41";
/** What {@link seeWhole} notes of a message without attributes, besides its text. */
export const PUBLISHED: object = {
  id: SNS_ID,
  subject: undefined,
  topic: "shipments",
  enqueuedAt: "2026-03-01T10:00:00.123Z",
};
/** Attributes as SNS writes them, and as they are read. */
export const ATTRIBUTES: Readonly<Record<string, { readonly Type: string; readonly Value: string }>> = {
  tenant: { Type: "String", Value: "acme" },
  weight: { Type: "Number", Value: "12345678901234567890" },
  tags: { Type: "String.Array", Value: '["a","b"]' },
  digest: { Type: "Binary", Value: "AP+A" },
};
export const DECODED: object = {
  tenant: "acme",
  weight: "12345678901234567890",
  tags: '["a","b"]',
  digest: [0, 255, 128],
};
