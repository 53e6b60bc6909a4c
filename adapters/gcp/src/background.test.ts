import { expect, test } from "vitest";
import { fromBackground } from "./triggers/_background.ts";

const DATABASE = "projects/_/instances/shop/refs/orders/7";

const base = { eventId: "e-1", timestamp: "2026-03-01T10:00:00.123Z" };

test.each([
  [
    "a message",
    { eventType: "google.pubsub.topic.publish", resource: { name: "projects/p/topics/t" } },
    { data: "aGk=", attributes: { a: "1" } },
    {
      type: "google.cloud.pubsub.topic.v1.messagePublished",
      source: "//pubsub.googleapis.com/projects/p/topics/t",
      subject: undefined,
      data: {
        message: { messageId: "e-1", publishTime: base.timestamp, data: "aGk=", attributes: { a: "1" } },
      },
    },
  ],
  [
    "an object",
    {
      eventType: "google.storage.object.archive",
      resource: { name: "projects/_/buckets/b/objects/a/b.txt" },
    },
    { name: "a/b.txt" },
    {
      type: "google.cloud.storage.object.v1.archived",
      source: "//storage.googleapis.com/projects/_/buckets/b",
      subject: "objects/a/b.txt",
      data: { name: "a/b.txt" },
    },
  ],
  [
    "an object that is gone",
    {
      eventType: "providers/cloud.storage/eventTypes/object.change",
      resource: "projects/_/buckets/b/objects/x",
    },
    { resourceState: "not_exists" },
    {
      type: "google.cloud.storage.object.v1.deleted",
      source: "//storage.googleapis.com/projects/_/buckets/b",
      subject: "objects/x",
      data: { resourceState: "not_exists" },
    },
  ],
  [
    "a value in the United States",
    {
      eventType: "providers/google.firebase.database/eventTypes/ref.write",
      resource: DATABASE,
      domain: "firebaseio.com",
    },
    { delta: 1 },
    {
      type: "google.firebase.database.ref.v1.written",
      source: "//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/shop",
      subject: "refs/orders/7",
      data: { delta: 1 },
    },
  ],
  [
    "a value in Europe",
    {
      eventType: "providers/google.firebase.database/eventTypes/ref.delete",
      resource: DATABASE,
      domain: "europe-west1.firebasedatabase.app",
    },
    null,
    {
      type: "google.firebase.database.ref.v1.deleted",
      source: "//firebasedatabase.googleapis.com/projects/_/locations/europe-west1/instances/shop",
      subject: "refs/orders/7",
      data: undefined,
    },
  ],
  [
    "a user",
    { eventType: "providers/firebase.auth/eventTypes/user.create", resource: "projects/p" },
    { uid: "u-1", metadata: { createdAt: "2026-01-01T00:00:00Z", lastSignedInAt: null, other: 1 } },
    {
      type: "google.firebase.auth.user.v1.created",
      source: "//firebaseauth.googleapis.com/projects/p",
      subject: "users/u-1",
      data: { uid: "u-1", metadata: { createTime: "2026-01-01T00:00:00Z", lastSignInTime: null, other: 1 } },
    },
  ],
])("%s of the first generation is a CloudEvent", (_name, context, data, expected) => {
  for (const event of [
    { data, context: { ...base, ...context } },
    { ...base, ...context, data },
  ]) {
    const { id, time, datacontenttype, type, source, subject, data: payload } = fromBackground(event);
    expect({ id, time, datacontenttype }).toEqual({
      id: "e-1",
      time: new Date(base.timestamp),
      datacontenttype: "application/json",
    });
    expect({ type, source, subject, data: payload }).toEqual(expected);
  }
});
