import { type FactTable, readFacts } from "./facts.ts";

/** What a queue function gets: id, data, deliveries, sent. */
export const messages: FactTable = readFacts(String.raw`
["sqs/batch-of-ten.json", ["batch-00", {"id": 1}, 1, "2018-12-17T21:37:29.183Z"], ["batch-01", {"id": 2, "nested": {"a": [1, 2, 3]}}, 1, "2018-12-17T21:37:29.183Z"], ["batch-02", "<order id=\"3\"/>", 1, "2018-12-17T21:37:29.183Z"], ["batch-03", "plain text", 1, "2018-12-17T21:37:29.183Z"], ["batch-04", 5, 1, "2018-12-17T21:37:29.183Z"], ["batch-05", "quoted", 1, "2018-12-17T21:37:29.183Z"], ["batch-06", null, 1, "2018-12-17T21:37:29.183Z"], ["batch-07", true, 1, "2018-12-17T21:37:29.183Z"], ["batch-08", {"id": 9}, 1, "2018-12-17T21:37:29.183Z"], ["batch-09", [1, 2], 1, "2018-12-17T21:37:29.183Z"]]
["sqs/batch-parsed.json", ["059f36b4-87a3-44ab-83d2-661975830a7d", {"name": "test-1", "age": 20}, 1, "2018-12-17T21:37:29.183Z"], ["244fc6b4-87a3-44ab-83d2-361172410c3a", {"name": "test-2", "age": 30}, 1, "2018-12-17T21:37:29.183Z"]]
["sqs/console-template.json", ["19dd0b57-b21e-4ac1-bd88-01bbb068cb78", "Hello from SQS!", 1, "2018-04-09T00:00:00.000Z"]]
["sqs/dlq-redrive.json", ["db37cc61-1bb0-4e77-b6f3-7cf87f44a72a", "hello world", 2, "2024-04-15T12:45:56.609Z"]]
["sqs/docs-sample.json", ["MessageID_1", "Message Body", 2, "2018-03-09T18:53:45.029Z"]]
["sqs/eventbridge-in-sqs.json", ["28c04707-4c17-41c8-b5d5-cdd437fc9d47", "as sent", 1, "2024-10-15T10:00:07.161Z"]]
["sqs/fifo-single.json", ["11d6ee51-4cc7-4302-9e22-7cd8afdaadf1", "Test message.", 1, "2019-11-16T06:15:31.000Z"]]
["sqs/getting-started-batch.json", ["059f36b4-87a3-44ab-83d2-661975830a7d", {"Message": "success"}, 1, "2018-12-17T21:37:29.183Z"], ["244fc6b4-87a3-44ab-83d2-361172410c3a", "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==", 1, "2018-12-17T21:37:29.183Z"]]
["sqs/json-body-object.json", ["MessageID_1", {"a": "Test", "b": 123}, 2, "2018-03-09T18:53:45.029Z"]]
["sqs/powertools-pydantic.json", ["059f36b4-87a3-44ab-83d2-661975830a7d", {"item": {"laptop": "amd"}}, 1, "2018-12-17T21:37:29.183Z"], ["244fc6b4-87a3-44ab-83d2-361172410c3a", {"item": {"keyboard": "classic"}}, 1, "2018-12-17T21:37:29.183Z"]]
["sqs/s3-in-sns-in-sqs.json", ["059f36b4-87a3-44ab-83d2-661975830a7d", "as sent", 1, "2018-12-17T21:37:29.183Z"]]
["sqs/s3-in-sqs.json", ["ca3e7a89-c358-40e5-8aa0-5da01403c267", "as sent", 1, "2023-04-12T20:43:39.270Z"]]
["sqs/s3-test-event-in-sqs.json", ["059f36b4-87a3-44ab-83d2-661975830a7d", "as sent", 1, "2018-12-17T21:37:29.183Z"]]
["sqs/sns-in-sqs.json", ["79406a00-bf15-46ca-978c-22c3613fcb30", "as sent", 1, "2021-01-19T10:07:07.340Z"]]
["sqs/standard-two-records.json", ["059f36b4-87a3-44ab-83d2-661975830a7d", "Test message.", 1, "2018-12-17T21:37:29.183Z"], ["2e1424d4-f796-459a-8184-9c92662be6da", {"message": "foo1"}, 1, "2018-12-17T21:37:30.636Z"]]
`);

/** What a topic function gets: id, text, subject, topic, sent. */
export const notifications: FactTable = readFacts(String.raw`
["sns/alarm-single-metric.json", ["95df01b4-ee98-5cb9-9903-4c221d41eb5e", "as sent", "TestInvoke", "EXAMPLE", "2015-06-03T17:43:27.123Z"]]
["sns/base.json", ["95df01b4-ee98-5cb9-9903-4c221d41eb5e", "Hello from SNS!", "TestInvoke", "ExampleTopic", "2019-01-02T12:45:07.000Z"]]
["sns/binary-attribute.json", ["95df01b4-ee98-5cb9-9903-4c221d41eb5e", "Hello from SNS!", "TestInvoke", "sns-lambda", "2019-01-02T12:45:07.000Z"]]
["sns/console-template.json", ["95df01b4-ee98-5cb9-9903-4c221d41eb5e", "Hello from SNS!", "TestInvoke", "EXAMPLE", "1970-01-01T00:00:00.000Z"]]
["sns/docs-sample.json", ["95df01b4-ee98-5cb9-9903-4c221d41eb5e", "Hello from SNS!", "TestInvoke", "EXAMPLE", "2015-06-03T17:43:27.123Z"]]
["sns/s3-in-sns.json", ["01f0cbfa-dea5-595f-94bc-933e0e2bc7ba", "as sent", "Amazon S3 Notification", "transcoded-video-notifications", "2021-03-12T02:13:34.747Z"]]
["sqs/s3-in-sns-in-sqs.json", ["95f3b5d2-c347-577e-b07d-d535ff80d9c4", "as sent", "Amazon S3 Notification", "s3-notif", "2025-07-08T15:34:31.803Z"]]
["sqs/sns-in-sqs.json", ["d88d4479-6ec0-54fe-b63f-1cf9df4bb16e", "{\"message\": \"hello world\", \"username\": \"lessa\"}", "(none)", "powertools265", "2021-01-19T10:07:07.287Z"]]
`);

/** What a storage function gets: action, bucket, key, size, version, time. */
export const objects: FactTable = readFacts(`
["eventbridge/s3-created-aspnet.json", ["created", "DOC-EXAMPLE-BUCKET1", "example-key", 5, "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e", "2021-11-12T00:00:00.000Z"]]
["eventbridge/s3-object-created.json", ["created", "example-bucket", "IMG_m7fzo3.jpg", 184662, "(none)", "2023-03-08T17:50:14.000Z"]]
["eventbridge/s3-object-deleted.json", ["deleted", "example-bucket", "IMG_m7fzo3.jpg", "(none)", "(none)", "2021-11-12T00:00:00.000Z"]]
["eventbridge/s3-restore-completed.json", ["metadata", "example-bucket", "IMG_m7fzo3.jpg", 184662, "(none)", "2021-11-12T00:00:00.000Z"]]
["s3/console-delete.json", ["deleted", "sourcebucket", "HappyFace.jpg", "(none)", "(none)", "1970-01-01T00:00:00.000Z"]]
["s3/console-put.json", ["created", "sourcebucket", "HappyFace.jpg", 1024, "(none)", "1970-01-01T00:00:00.000Z"]]
["s3/decoded-key-extra-member.json", ["created", "sourcebucket", "Happy Face.jpg", 1024, "version", "1970-01-01T00:00:00.123Z"]]
["s3/delete.json", ["deleted", "lambda-artifacts-deafc19498e3f2df", "b21b84d653bb07b05b1e6b33684dc11b", "(none)", "(none)", "2019-09-03T19:37:27.192Z"]]
["s3/docs-sample-put.json", ["created", "DOC-EXAMPLE-BUCKET", "b21b84d653bb07b05b1e6b33684dc11b", 1305107, "(none)", "2019-09-03T19:37:27.192Z"]]
["s3/encoded-key.json", ["created", "sourcebucket", "Happy Face.jpg", 1024, "version", "1970-01-01T00:00:00.123Z"]]
["s3/glacier-restore-data.json", ["created", "lambda-artifacts-deafc19498e3f2df", "b21b84d653bb07b05b1e6b33684dc11b", 1305107, "(none)", "2019-09-03T19:37:27.192Z"]]
["s3/intelligent-tiering.json", ["archived", "example-bucket", "intelligent-tier-test.dat", 5242880, "versionExample123", "2023-11-15T10:30:00.789Z"]]
["s3/keys-space-plus-unicode.json", ["created", "my-bucket", "red flower.jpg", 1024, "(none)", "2024-03-01T12:00:00.123Z"], ["created", "my-bucket", "a+b/c d.txt", 1, "(none)", "2024-03-01T12:00:00.123Z"], ["created", "my-bucket", "fotos/café 2024.png", 5242881, "(none)", "2024-03-01T12:00:00.123Z"], ["created", "my-bucket", "100%.csv", 0, "(none)", "2024-03-01T12:00:00.123Z"]]
["s3/lifecycle-expiration.json", ["deleted", "amzn-s3-demo-bucket", "expiration/delete", "(none)", "(none)", "1970-01-01T00:00:00.000Z"]]
["s3/lifecycle-transition.json", ["archived", "example-bucket", "lifecycle-test.dat", 10485760, "lifecycleVersion123", "2023-08-20T14:25:00.321Z"]]
["s3/put.json", ["created", "lambda-artifacts-deafc19498e3f2df", "b21b84d653bb07b05b1e6b33684dc11b", 1305107, "(none)", "2019-09-03T19:37:27.192Z"]]
["s3/replication-failed.json", ["metadata", "amzn-s3-demo-bucket1", "replication-test.png", 520080, "abcdeH0Xp66ep__QDjR76LK7Gc9X4wKO", "2024-09-05T21:04:32.527Z"]]
["s3/tagging-and-acl.json", ["metadata", "my-bucket", "k1", "(none)", "v1", "2024-03-01T12:00:00.123Z"], ["metadata", "my-bucket", "k1", "(none)", "v1", "2024-03-01T12:00:00.123Z"]]
["sns/s3-in-sns.json", ["created", "serverless-videotranscoded-myanjini", "my_video_v4/my_video_v4-1080p.mp4", 14044196, "(none)", "2021-03-12T02:13:24.863Z"]]
["sqs/eventbridge-in-sqs.json", ["created", "Aws-registry-bucket-dev-eu-central-1-551493771163", "Aws/2024-10-15/390e8ee9-2890-473f-a6a1-8ac58cafdf01/CA20240923.000/00310000.TIF", 24376, "DZobC7RRYWb3snOFeVltvs.ia7q_EbGm", "2024-10-15T10:00:06.000Z"]]
["sqs/s3-in-sns-in-sqs.json", ["created", "my_bucket", "foo.log", 3, "(none)", "2025-07-08T15:34:31.272Z"]]
["sqs/s3-in-sqs.json", ["created", "xxx", "test.pdf", 104681, "yd3d4HaWOT2zguDLvIQLU6ptDTwKBnQV", "2023-04-12T20:43:38.021Z"]]
["sqs/s3-test-event-in-sqs.json"]
`);
