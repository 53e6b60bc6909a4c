import type { Message, TriggerKind } from "@anyfn/core";
import { expect } from "vitest";

/** What must come out of one fixture by trigger: the facts of its one event, or the code of its refusal. */
export type Facts = Partial<Record<TriggerKind, object | "unknown-payload">>;

const at = (text: string) => new Date(text);
const text = (value: string) => expect.toSatisfy((message: Message) => message.text() === value);
const bytes = (...values: number[]) =>
  expect.toSatisfy((message: Message) => Buffer.from(values).equals(message.bytes()));
const both = (...matchers: unknown[]) =>
  expect.toSatisfy((event: unknown) => {
    for (const matcher of matchers) expect(event).toEqual(matcher);
    return true;
  });
const like = (facts: object) => expect.objectContaining(facts);

const AUGUST = at("2020-09-29T11:32:00.123Z");
const OBJECT = {
  bucket: "some-bucket",
  key: "folder/Test.cs",
  size: 352,
  etag: "CNHZkbuF/ugCEAE=",
  version: "1587627537231057",
  contentType: "text/plain",
};
const DOCUMENT = {
  keys: { id: "fGRodw71mHutZ4wGDuT8", path: "foo/fGRodw71mHutZ4wGDuT8" },
  collection: "foo",
};
const CHANGE = {
  id: "379ad868-5ef9-4c84-a8ba-f75f1b056663",
  database: "my-db",
  time: at("2023-03-10T18:20:43.677647Z"),
  ...DOCUMENT,
};
const SIMPLE_CHANGE = {
  id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
  action: "updated",
  database: "(default)",
  collection: "gcf-test",
  keys: { id: "2Vm2mI1d0wIaK2Waj5to", path: "gcf-test/2Vm2mI1d0wIaK2Waj5to" },
  before: { "another test": "asd", count: 3, foo: "bar" },
  after: { "another test": "asd", count: 4, foo: "bar" },
  sequence: "2020-04-23T12:00:27.247187Z",
  time: AUGUST,
};
/** The three messages that differ only in how they are wrapped. */
const message = (data: unknown, facts: object) => both(data, like(facts));

/** A Pub/Sub delivery gives the same message to each trigger that takes one. */
const pubsub = (
  data: ReturnType<typeof text>,
  facts: { readonly id: string; readonly [fact: string]: unknown },
): Facts => {
  const { topic, ...queued } = facts;
  return {
    queue: message(data, queued),
    topic: message(data, { ...queued, topic }),
    stream: message(data, { id: facts.id }),
    storage: "unknown-payload",
    changes: "unknown-payload",
  };
};

const only = (facts: Facts): Facts => ({
  queue: "unknown-payload",
  topic: "unknown-payload",
  schedule: "unknown-payload",
  storage: "unknown-payload",
  changes: "unknown-payload",
  stream: "unknown-payload",
  bus: "unknown-payload",
  ...facts,
});
const event = (facts: object): Facts => only({ bus: like(facts) });

/** Every payload of the corpus, by path without folder and ending. */
export const EXPECTED: Record<string, Facts> = {
  "audit-log-cloudevent/binary-pubsub-create-topic": event({
    // The id's escape is of the header, so that it is decoded once.
    id: "projects/test-project/logs/cloudaudit.googleapis.com/activity1234567891601457720900000",
    type: "google.cloud.audit.log.v1.written",
    source: "//cloudaudit.googleapis.com/projects/test-project/logs/activity",
    subject: "pubsub.googleapis.com/projects/test-project/topics/test-auditlogs-source",
    time: at("2020-09-30T09:08:40.9Z"),
    extensions: like({
      servicename: "pubsub.googleapis.com",
      methodname: "google.pubsub.v1.Publisher.CreateTopic",
    }),
    data: like({ insertId: "9frck8cf9j" }),
  }),
  "audit-log-cloudevent/structured-bigquery": event({
    type: "google.cloud.audit.log.v1.written",
    extensions: like({ methodName: "jobservice.jobcompleted" }),
    data: like({ insertId: "1234567" }),
  }),
  // Types that Google never had: there is nothing to convert them to.
  "background-http/context-resource-object": only({}),
  "background-http/flat-resource-string": only({}),
  // Data without its envelope says neither what it is nor where it is from.
  "cloud-build/simple-data": only({ direct: like({ input: like({ timeout: "660s" }) }) }),
  "cloud-scheduler/job-data": only({ direct: like({ input: { customData: "bXkgYmFzZTY0IGRhdGE=" } }) }),
  "firebase-analytics/data-log": only({ direct: like({ input: like({ userDim: expect.anything() }) }) }),
  "firebase-testlab/data-completed": only({ direct: like({ input: like({ state: "FINISHED" }) }) }),
  "cloud-scheduler/http-job-empty-body": only({
    schedule: like({ name: "nightly", scheduledAt: at("2024-03-01T02:00:00Z") }),
  }),
  "cloud-scheduler/http-job-json-oidc": only({
    schedule: like({ name: "report", scheduledAt: at("2024-03-01T02:00:00Z") }),
  }),
  "cloud-scheduler/via-pubsub-push": {
    ...pubsub(text('{"job":"nightly"}'), {
      id: "11",
      topic: undefined,
      enqueuedAt: at("2024-03-01T02:00:00.5Z"),
      data: { job: "nightly" },
    }),
    schedule: like({ id: "11", scheduledAt: at("2024-03-01T02:00:00.5Z"), name: undefined }),
    bus: "unknown-payload",
  },
  "cloud-tasks/app-engine-task": only({
    queue: message(text("payload text"), {
      id: "1234",
      deliveryCount: 1,
      orderingKey: undefined,
      attributes: {},
    }),
  }),
  "cloud-tasks/http-task-json": only({
    queue: message(text('{"id": 1}'), {
      id: "1234567890",
      deliveryCount: 1,
      data: { id: 1 },
      attributes: {},
    }),
  }),
  "cloudevent-generic/binary-mode": event({
    id: "test-1234-1234",
    type: "com.google.cloud.storage",
    source: "https://github.com/GoogleCloudPlatform/functions-framework-nodejs",
    subject: "test-subject",
    time: at("2020-05-13T01:23:45Z"),
    data: { some: "payload" },
  }),
  "cloudevent-generic/structured-mode": event({
    id: "test-1234-1234",
    subject: "test-subject",
    datacontenttype: "application/json",
    data: { some: "payload" },
  }),
  "firebase-alerts/binary-crashlytics": event({
    id: "al-1",
    type: "google.firebase.firebasealerts.alerts.v1.published",
    extensions: like({ alerttype: "crashlytics.newNonfatalIssue", appid: "1:123:android:abc" }),
  }),
  "firebase-auth/legacy-flat": event({
    type: "google.firebase.auth.user.v1.created",
    source: "//firebaseauth.googleapis.com/projects/my-project-id",
    subject: "users/UUpby3s4spZre6kHsgVSPetzQ8l2",
    data: like({
      metadata: { createTime: "2020-05-26T10:42:27Z", lastSignInTime: "2020-10-24T11:00:00Z" },
    }),
  }),
  "firebase-auth/structured-created": event({
    type: "google.firebase.auth.user.v1.created",
    subject: "users/UUpby3s4spZre6kHsgVSPetzQ8l2",
  }),
  "firebase-remote-config/binary-updated": event({
    id: "r-1",
    data: like({ versionNumber: "5", rollbackSource: 75404139 }),
  }),
  "firebase-rtdb/binary-delta-number": event({
    type: "google.firebase.database.ref.v1.written",
    subject: "refs/gcf-test/xyz",
    data: { data: null, delta: 10 },
  }),
  "firebase-rtdb/binary-v2-extensions": event({
    id: "d-1",
    extensions: like({ instance: "my-instance", ref: "foo/bar", authid: "uid1" }),
  }),
  "firebase-rtdb/legacy-delete": event({
    type: "google.firebase.database.ref.v1.deleted",
    source: "//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/my-project-id",
    subject: "refs/gcf-test/xyz",
    data: { data: { grandchild: "other changed" }, delta: null },
  }),
  "firebase-rtdb/legacy-flat-admin": event({
    type: "google.firebase.database.ref.v1.written",
    source: "//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/my-project-id",
    subject: "refs/gcf-test/xyz",
    time: AUGUST,
  }),
  "firebase-rtdb/structured-deleted-primitive": event({
    type: "google.firebase.database.ref.v1.deleted",
    data: { data: 10, delta: null },
  }),
  "firebase-rtdb/structured-written-2": event({
    source: "//firebasedatabase.googleapis.com/projects/_/locations/europe-west1/instances/my-project-id",
  }),
  "firebase-rtdb/structured-written-null-data": event({
    data: { data: null, delta: { grandchild: "other" } },
  }),
  "firestore-cloudevent/protobuf-created": only({
    bus: like({ type: "google.cloud.firestore.document.v1.created", data: expect.any(Uint8Array) }),
    changes: like({
      ...CHANGE,
      action: "created",
      before: undefined,
      after: { hello: "create world" },
      sequence: "2023-03-10T18:20:43.677647Z",
      raw: like({ extensions: like({ namespace: "my-ns", location: "us-central1", project: "my-project" }) }),
    }),
  }),
  "firestore-cloudevent/protobuf-updated": only({
    bus: like({ type: "google.cloud.firestore.document.v1.updated" }),
    changes: like({
      ...CHANGE,
      action: "updated",
      before: { hello: "old world" },
      after: { hello: "new world" },
    }),
  }),
  "firestore-cloudevent/protobuf-deleted": only({
    bus: like({ type: "google.cloud.firestore.document.v1.deleted" }),
    changes: like({ ...CHANGE, action: "deleted", before: { hello: "delete world" }, after: undefined }),
  }),
  "firestore-cloudevent/structured-simple": only({
    bus: like({ type: "google.cloud.firestore.document.v1.written" }),
    changes: like(SIMPLE_CHANGE),
  }),
  "firestore-legacy/flat-simple": only({
    bus: like({
      type: "google.cloud.firestore.document.v1.written",
      source: "//firestore.googleapis.com/projects/project-id/databases/(default)",
      subject: "documents/gcf-test/2Vm2mI1d0wIaK2Waj5to",
    }),
    changes: like(SIMPLE_CHANGE),
  }),
  "firestore-legacy/context-complex": only({
    bus: like({ type: "google.cloud.firestore.document.v1.written" }),
    changes: like({
      action: "created",
      before: undefined,
      after: {
        arrayValue: [1, 2],
        booleanValue: true,
        doubleValue: 5.5,
        geoPointValue: { latitude: 51.4543, longitude: -0.9781 },
        intValue: 50,
        mapValue: { field1: "x", field2: ["x", 1] },
        nullValue: null,
        referenceValue: "projects/project-id/databases/(default)/documents/foo/bar/baz/qux",
        stringValue: "text",
        timestampValue: "2020-04-23T14:23:53.241Z",
      },
    }),
  }),
  "http/get-query": {
    http: like({ method: "GET", path: "/hello" }),
  },
  "http/post-json": {
    http: like({ method: "POST", path: "/" }),
    direct: like({ input: { name: "Zoë", n: 1 } }),
  },
  "http/post-multipart": {
    http: like({ method: "POST", path: "/upload" }),
  },
  "pubsub-cloudevent/binary-mode-duplicated-fields": pubsub(bytes(1, 2, 3, 4), {
    id: "message-id",
    topic: "projects/my-project/topics/my-topic",
    enqueuedAt: at("2021-02-05T04:06:14.109Z"),
    attributes: {},
    orderingKey: undefined,
  }),
  "pubsub-cloudevent/binary-mode-ordering-key": {
    ...pubsub(text("test message 3"), {
      id: "message-id",
      topic: "projects/test-project/topics/my-topic",
      attributes: { attr1: "attr1-value" },
      orderingKey: "ordering-key",
    }),
    bus: like({ id: "3103425958877813", type: "google.cloud.pubsub.topic.v1.messagePublished" }),
  },
  "pubsub-cloudevent/structured-binary-data": pubsub(bytes(1, 2, 3, 4), {
    id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
    topic: "projects/sample-project/topics/gcf-test",
    enqueuedAt: AUGUST,
  }),
  "pubsub-cloudevent/structured-charset": pubsub(text("test message 3"), {
    id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
    topic: "projects/sample-project/topics/gcf-test",
    enqueuedAt: at("2020-09-29T11:32:00.000Z"),
  }),
  "pubsub-cloudevent/structured-ordering-key": {
    ...pubsub(text("test message 3"), {
      id: "message-id",
      topic: "projects/test-project/topics/my-topic",
      orderingKey: "ordering-key",
      enqueuedAt: at("2021-02-05T04:06:14.109Z"),
    }),
    stream: like({ partitionKey: "ordering-key", time: at("2021-02-05T04:06:14.109Z") }),
  },
  "pubsub-cloudevent/structured-with-subscription": pubsub(text("test message 3"), {
    id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
    topic: "projects/sample-project/topics/gcf-test",
    attributes: { attr1: "attr1-value" },
  }),
  "pubsub-legacy/binary-data": pubsub(bytes(1, 2, 3, 4), {
    id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
    topic: "projects/sample-project/topics/gcf-test",
    enqueuedAt: AUGUST,
  }),
  "pubsub-legacy/context-object": pubsub(text("test message 3"), {
    id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
    topic: "projects/sample-project/topics/gcf-test",
    attributes: { attr1: "attr1-value" },
  }),
  "pubsub-legacy/flat-old-event-type": {
    ...pubsub(text("This is a sample message"), {
      id: "aaaaaa-1111-bbbb-2222-cccccccccccc",
      topic: "projects/sample-project/topics/gcf-test",
      attributes: { attribute1: "value1" },
    }),
    bus: like({ source: "//pubsub.googleapis.com/projects/sample-project/topics/gcf-test" }),
  },
  "pubsub-push/framework-topic-in-path": pubsub(text('{"foo":"bar"}'), {
    id: "1",
    topic: "projects/FOO/topics/BAR_TOPIC",
    attributes: { test: "123" },
    enqueuedAt: undefined,
    deliveryCount: undefined,
  }),
  "pubsub-push/unwrapped-with-metadata": pubsub(text("Hello there"), {
    id: "136969346945",
    topic: undefined,
    attributes: { key: "value" },
    orderingKey: "key",
    enqueuedAt: at("2024-02-22T15:45:31.346Z"),
  }),
  "pubsub-push/wrapped-delivery-attempt": pubsub(text("hello"), {
    id: "10519041647717348",
    topic: undefined,
    attributes: { foo: "bar" },
    deliveryCount: 1,
    enqueuedAt: at("2024-02-22T15:45:31.346Z"),
  }),
  "storage-cloudevent/binary-archived": only({
    bus: like({ type: "google.cloud.storage.object.v1.archived" }),
    storage: like({ ...OBJECT, id: "1234567890", action: "archived", key: "folder/Old.cs", time: AUGUST }),
  }),
  "storage-cloudevent/binary-deleted": only({
    bus: like({ type: "google.cloud.storage.object.v1.deleted" }),
    storage: like({ ...OBJECT, action: "deleted" }),
  }),
  "storage-cloudevent/binary-finalized": only({
    bus: like({ extensions: like({ bucket: "some-bucket" }) }),
    storage: like({ ...OBJECT, action: "created", sequence: "00001587627537231057.0000000001" }),
  }),
  "storage-cloudevent/binary-metadata-updated": only({
    bus: like({ type: "google.cloud.storage.object.v1.metadataUpdated" }),
    storage: like({ ...OBJECT, action: "metadata", sequence: "00001587627537231057.0000000002" }),
  }),
  "storage-cloudevent/structured-finalized": only({
    bus: like({ subject: "objects/folder/Test.cs" }),
    storage: like({ ...OBJECT, action: "created", time: AUGUST }),
  }),
  "storage-cloudevent/structured-workflows": only({
    bus: like({ extensions: { bucket: "sample-bucket" } }),
    storage: like({
      bucket: "sample-bucket",
      key: "MyFile",
      size: 0,
      version: "96883251",
      action: "created",
    }),
  }),
  "storage-legacy/delete": only({
    bus: like({
      type: "google.cloud.storage.object.v1.deleted",
      source: "//storage.googleapis.com/projects/_/buckets/some-bucket",
      subject: "objects/folder/Test.cs",
    }),
    storage: like({
      ...OBJECT,
      id: "1147091835525187",
      action: "deleted",
      time: at("2020-04-23T07:38:57.772Z"),
    }),
  }),
  "storage-legacy/finalize": only({
    bus: like({ type: "google.cloud.storage.object.v1.finalized" }),
    storage: like({ ...OBJECT, action: "created", time: AUGUST }),
  }),
};
