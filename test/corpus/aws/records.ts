import { type FactTable, readFacts } from "./facts.ts";

/** What a changes function gets: action, id, keys, before, after, sequence, time, expired, collection. */
export const tableChanges: FactTable = readFacts(String.raw`
["documentdb/delete.json", ["deleted", "0163eeb6e7000000090100000009000041e1", {"_id": "63eeb6e7d418cd98afb1c1d7"}, "(none)", "(none)", "0163eeb6e7000000090100000009000041e1", "2023-02-16T23:06:15.000Z", false, "test_collection"]]
["documentdb/drop.json"]
["documentdb/insert-full-document.json", ["created", "0163eeb6e7000000090100000009000041e1", {"_id": "63eeb6e7d418cd98afb1c1d7"}, "(none)", {"_id": "63eeb6e7d418cd98afb1c1d7", "anyField": "sampleValue"}, "0163eeb6e7000000090100000009000041e1", "2023-02-16T23:06:15.000Z", false, "test_collection"]]
["documentdb/insert.json", ["created", "0163eeb6e7000000090100000009000041e1", {"_id": "63eeb6e7d418cd98afb1c1d7"}, "(none)", "(none)", "0163eeb6e7000000090100000009000041e1", "2023-02-16T23:06:15.000Z", false, "test_collection"]]
["documentdb/replace.json", ["updated", "0163eeb6e7000000090100000009000041e1", {"_id": "63eeb6e7d418cd98afb1c1d7"}, "(none)", "(none)", "0163eeb6e7000000090100000009000041e1", "2023-02-16T23:06:15.000Z", false, "users"]]
["documentdb/update.json", ["updated", "0163eeb6e7000000090100000009000041e1", {"_id": "63eeb6e7d418cd98afb1c1d7"}, "(none)", "(none)", "0163eeb6e7000000090100000009000041e1", "2023-02-16T23:06:15.000Z", false, "test_collection"]]
["dynamodb-stream/all-attribute-types.json", ["created", "f07f8ca4b0b26cb9c4e5e77e69f274ee", {"val": "data", "key": "binary"}, "(none)", {"val": "data", "asdf1": "bytes:AAEqQQ==", "asdf2": ["bytes:AAEqQQ==", "bytes:QSoBAA=="], "misc1": [], "misc2": {"ItemsEmpty": [], "ItemsNonEmpty": ["Cookies", "Coffee", 3.14159], "ItemBoolean": false, "ItemNumberSet": [0, 50, 150], "ItemNull": null, "ItemStringSet": ["Hippo", "Zebra"]}, "key": "binary"}, "1405400000000002063282832", "2016-12-02T01:27:00.000Z", false, "Example-Table"], ["deleted", "f07f8ca4b0b26cb9c4e5e77e42f274ee", {"val": "data", "key": "binary"}, {"val": "data", "asdf1": "bytes:AAEqQQ==", "asdf2": ["bytes:AAEqQQ==", "bytes:QSoBAA==", "bytes:AAEqQQ=="], "key": "binary"}, "(none)", "1405400000000002063282832", "2016-12-02T01:27:00.000Z", true, "Example-Table"]]
["dynamodb-stream/base.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "New item!", "Id": 101}, "111", "2023-09-06T10:45:55.000Z", false, "(none)"], ["updated", "2", {"Id": 101}, {"Message": "New item!", "Id": 101}, {"Message": "This item has changed", "Id": 101}, "222", "(none)", false, "(none)"]]
["dynamodb-stream/batch-sample.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "failure"}, "3275880929", "(none)", false, "(none)"], ["created", "1", {"Id": 101}, "(none)", {"SomethingElse": "success"}, "8640712661", "(none)", false, "(none)"]]
["dynamodb-stream/console-update.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "New item!", "Id": 101}, "111", "(none)", false, "ExampleTableWithStream"], ["updated", "2", {"Id": 101}, {"Message": "New item!", "Id": 101}, {"Message": "This item has changed", "Id": 101}, "222", "(none)", false, "ExampleTableWithStream"], ["deleted", "3", {"Id": 101}, {"Message": "This item has changed", "Id": 101}, "(none)", "333", "(none)", false, "ExampleTableWithStream"]]
["dynamodb-stream/docs-insert-modify.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "New item!", "Id": 101}, "111", "(none)", false, "(none)"], ["updated", "2", {"Id": 101}, {"Message": "New item!", "Id": 101}, {"Message": "This item has changed", "Id": 101}, "222", "(none)", false, "(none)"]]
["dynamodb-stream/millisecond-creation-time.json", ["created", "f07f8ca4b0b26cb9c4e5e77e69f274ee", {"val": "data", "key": "binary"}, "(none)", {"val": "data", "asdf1": "bytes:AAEqQQ==", "asdf2": ["bytes:AAEqQQ==", "bytes:QSoBAA=="], "misc1": [], "misc2": {"ItemsEmpty": [], "ItemsNonEmpty": ["Cookies", "Coffee", 3.14159], "ItemBoolean": false, "ItemNumberSet": [0, 50, 150], "ItemNull": null, "ItemStringSet": ["Hippo", "Zebra"]}, "key": "binary"}, "1405400000000002063282832", "2016-12-02T01:27:00.000Z", false, "Example-Table"], ["deleted", "f07f8ca4b0b26cb9c4e5e77e42f274ee", {"val": "data", "key": "binary"}, {"val": "data", "asdf1": "bytes:AAEqQQ==", "asdf2": ["bytes:AAEqQQ==", "bytes:QSoBAA==", "bytes:AAEqQQ=="], "key": "binary"}, "(none)", "1405400000000002063282832", "2016-12-02T01:27:00.000Z", true, "Example-Table"]]
["dynamodb-stream/powertools-stream.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "New item!", "Id": 101}, "111", "2023-09-06T10:45:55.000Z", false, "(none)"], ["updated", "2", {"Id": 101}, {"Message": "New item!", "Id": 101}, {"Message": "This item has changed", "Id": 101}, "222", "(none)", false, "(none)"]]
["dynamodb-stream/pydantic-batch.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "{\"item\": {\"laptop\": \"amd\"}}"}, "3275880929", "(none)", false, "(none)"], ["created", "1", {"Id": 101}, "(none)", {"SomethingElse": "success"}, "8640712661", "(none)", false, "(none)"]]
["dynamodb-stream/remove-ttl-service-identity.json", ["deleted", "00000000000000000000000000000001", {"pk": "A", "sk": 1}, {"pk": "A", "sk": 1, "ttl": 1704067199}, "(none)", "111", "2024-01-01T00:00:00.000Z", true, "orders"]]
["dynamodb-stream/time-window-dotnet.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "New item!", "Id": 101}, "111", "(none)", false, "(none)"], ["updated", "2", {"Id": 101}, {"Message": "New item!", "Id": 101}, {"Message": "This item has changed", "Id": 101}, "222", "(none)", false, "(none)"], ["deleted", "3", {"Id": 101}, {"Message": "This item has changed", "Id": 101}, "(none)", "333", "(none)", false, "(none)"]]
["dynamodb-stream/time-window.json", ["created", "1", {"Id": 101}, "(none)", {"Message": "New item!", "Id": 101}, "111", "2016-12-02T01:27:00.000Z", false, "(none)"], ["updated", "2", {"Id": 101}, {"Message": "New item!", "Id": 101}, {"Message": "This item has changed", "Id": 101}, "222", "2016-12-02T01:27:00.000Z", false, "(none)"], ["deleted", "3", {"Id": 101}, {"Message": "This item has changed", "Id": 101}, "(none)", "333", "2016-12-02T01:27:00.000Z", false, "(none)"]]
`);

/** What a stream function gets: id, data, key, time. */
export const records: FactTable = readFacts(String.raw`
["cloudwatch-logs/base.json", ["38569604798453153764115268074363468419149517103543812096", "2024-10-21T14:28:15.158Z\teadc91c8-8273-4a2d-b170-b0a7883b619e\tINFO\tHello from other.ts\n", "(none)", "2024-10-21T14:28:15.158Z"], ["38569604798453153764115268074363468419149517103543812097", "START RequestId: eadc91c8-8273-4a2d-b170-b0a7883b619e Version: $LATEST\n", "(none)", "2024-10-21T14:28:15.158Z"], ["38569604798475454509313798697505004137422165465049792514", {"level": "INFO", "message": "Hello from other.ts", "sampling_rate": 0, "service": "service_undefined", "timestamp": "2024-10-21T14:28:15.158Z", "xray_trace_id": "1-671664ff-69b0ec7624423e04544c023f"}, "(none)", "2024-10-21T14:28:15.159Z"]]
["cloudwatch-logs/control-message.json"]
["cloudwatch-logs/generated-sample.json", ["eventId1", "[ERROR] First test message", "(none)", "2015-08-24T19:03:07.000Z"], ["eventId2", "[ERROR] Second test message", "(none)", "2015-08-24T19:03:07.001Z"]]
["kafka/avro-sample.json", ["python-with-avro-doc-3@0", "bytes:AwBXT2qalUhN6oaj2CwEeaEWFFBvd2VydG9vbHMK", "123", "2025-06-21T23:05:05.187Z"]]
["kafka/avro.json", ["mytopic-0@15", "bytes:0g8MTGFwdG9wUrgehes/j0A=", "42", "2018-12-17T22:10:50.987Z"], ["mytopic-0@16", "bytes:1A8UU21hcnRwaG9uZVK4HoXrv4JA", "42", "2018-12-17T22:10:50.988Z"], ["mytopic-0@17", "bytes:1g8USGVhZHBob25lc0jhehSuv2JA", "(none)", "2018-12-17T22:10:50.989Z"]]
["kafka/console-template.json", ["mytopic-12@15", "Hello, this is a test.", "(none)", "2018-12-17T22:10:50.987Z"]]
["kafka/default-json.json", ["mytopic-0@15", {"id": 12345, "name": "product5", "price": 45}, "recordKey", "2018-12-17T22:10:50.987Z"], ["mytopic-0@16", {"id": 12345, "name": "product5", "price": 45}, "(none)", "2018-12-17T22:10:50.988Z"], ["mytopic-0@17", {"id": 12345, "name": "product5", "price": 45}, "(none)", "2018-12-17T22:10:50.989Z"]]
["kafka/msk-base.json", ["mytopic-0@15", {"key": "value"}, "recordKey", "2018-12-17T22:10:50.987Z"]]
["kafka/protobuf-glue.json", ["gsr_proto-0@18", "\u0001\n\u0003123\u0012\u0004Test\u001a\ftest@gmx.com \n2\n2025-06-20:\u0004tag1:\u0004tag2J\u000e\n\u0005theme\u0012\u0005lightR\u001a\n\nMythenquai\u0012\u0006Zurich\u001a\u00048002", "42", "2018-12-17T22:10:50.990Z"]]
["kafka/self-managed.json", ["mytopic-0@15", {"key": "value"}, "recordKey", "2018-12-17T22:10:50.987Z"]]
["kafka/serverless-json.json", ["python-with-avro-doc-5@0", {"name": "Powertools", "age": 5}, "123", "2025-06-21T23:11:02.087Z"]]
["kafka/two-partitions.json", ["mytopic-0@1", {"n": 1}, "a", "2018-12-17T22:10:50.987Z"], ["mytopic-1@1", {"n": 2}, "b", "2018-12-17T22:10:50.987Z"]]
["kinesis/batch-sample.json", ["shardId-000000000006:4107859083838847772757075850904226111829882106684065", {"Message": "success"}, "1", "2018-12-17T22:10:50.987Z"], ["shardId-000000000006:6006958808509702859251049540584488075644979031228738", "success", "1", "2018-12-17T22:10:50.987Z"]]
["kinesis/cloudwatch-logs-in-kinesis.json", ["shardId-000000000000:49635052289529725553291405521504870233219489715332317186", "as sent", "da10bf66b1f54bff5d96eae99149ad1f", "2022-11-10T15:10:33.744Z"], ["shardId-000000000000:49635052289529725553291405520881064510298312199003701250", "as sent", "cf4c4c2c9a49bdfaf58d7dbbc2b06081", "2022-11-10T15:03:32.992Z"]]
["kinesis/console-template.json", ["shardId-000000000000:49545115243490985018280067714973144582180062593244200961", "Hello, this is a test 123.", "partitionKey-3", "2015-04-09T00:00:00.000Z"]]
["kinesis/efo-consumer-unicode.json", ["shardId-000000000006:495903382714902566082692987048231800000000000000000001", "héllo 世界", "1", "2018-12-17T22:10:51.987Z"], ["shardId-000000000006:495903382714902566082692987048231800000000000000000002", "", "1", "2018-12-17T22:10:52.987Z"]]
["kinesis/encrypted-and-plain.json", ["shardId-000000000000:49568167373333333333333333333333333333333333333333333333", "Hello World", "s1", "2016-12-02T01:18:43.477Z"], ["shardId-000000000000:49568167373333333334444444444444444444444444444444444444", "Hello World", "s1", "2016-12-04T08:52:03.477Z"]]
["kinesis/generated-sample.json", ["shardId-000000000000:49568167373333333333333333333333333333333333333333333333", "Hello World", "s1", "2016-12-02T01:18:43.477Z"], ["shardId-000000000000:49568167373333333334444444444444444444444444444444444444", "Hello World", "s1", "2016-12-04T08:52:03.477Z"]]
["kinesis/one-record.json", ["shardId-000000000006:49590338271490256608559692538361571095921575989136588898", {"message": "test message", "username": "test"}, "1", "2018-12-17T22:10:50.987Z"]]
["kinesis/pydantic-batch.json", ["shardId-000000000006:4107859083838847772757075850904226111829882106684065", {"item": {"laptop": "amd"}}, "1", "2018-12-17T22:10:50.987Z"], ["shardId-000000000006:6006958808509702859251049540584488075644979031228738", {"item": {"keyboard": "classic"}}, "1", "2018-12-17T22:10:50.987Z"]]
["kinesis/stream.json", ["shardId-000000000006:49590338271490256608559692538361571095921575989136588898", "Hello, this is a test.", "1", "2018-12-17T22:10:50.987Z"], ["shardId-000000000006:49590338271490256608559692540925702759324208523137515618", "This is only a test.", "1", "2018-12-17T22:11:51.166Z"]]
["kinesis/time-window-dotnet.json", ["shardId-000000000006:49590338271490256608559692538361571095921575989136588898", "Hello, this is a test.", "1", "2020-12-09T07:04:35.000Z"]]
["kinesis/time-window.json", ["shardId-000000000006:49590338271490256608559692538361571095921575989136588898", "Hello, this is a test.", "1", "2020-12-09T07:04:35.000Z"]]
`);

/** What a schedule function gets: id, time, name. */
export const ticks: FactTable = readFacts(`
["eventbridge-scheduler/custom-input-context-attributes.json", ["3a1b2c3d-0000-4000-8000-123456789abc", "2024-03-01T02:00:00.000Z", "nightly"]]
["eventbridge-scheduler/default-input.json", ["d565d36f-a484-46ca-8ca8-ff01feb2c827", "2024-02-19T15:11:32.000Z", "s3DropBucketSFTPFunctionComplexScheduleEvent"]]
["eventbridge/input-constant.json", ["(none)", "(none)", "(none)"]]
["eventbridge/scheduled-rule-console.json", ["cdc73f9d-aea9-11e3-9d5a-835b769c0d9c", "1970-01-01T00:00:00.000Z", "my-schedule"]]
["eventbridge/scheduled-rule.json", ["cdc73f9d-aea9-11e3-9d5a-835b769c0d9c", "1970-01-01T00:00:00.000Z", "my-schedule"]]
["eventbridge/scheduled-rust.json", ["53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "2015-10-08T16:53:06.000Z", "my-scheduled-rule"]]
`);

/** What a bus function gets, whose data is the payload's `detail`: id, source, type, time. */
export const events: FactTable = readFacts(`
["eventbridge-scheduler/default-input.json", ["d565d36f-a484-46ca-8ca8-ff01feb2c827", "aws.scheduler", "Scheduled Event", "2024-02-19T15:11:32.000Z"]]
["eventbridge/autoscaling-launch.json", ["12345678-1234-1234-1234-123456789012", "aws.autoscaling", "EC2 Instance Launch Successful", "1970-01-01T00:00:00.000Z"]]
["eventbridge/autoscaling-lifecycle.json", ["12345678-1234-1234-1234-123456789012", "aws.autoscaling", "EC2 Instance-launch Lifecycle Action", "1970-01-01T00:00:00.000Z"]]
["eventbridge/autoscaling-terminate-failed.json", ["12345678-1234-1234-1234-123456789012", "aws.autoscaling", "EC2 Instance Terminate Unsuccessful", "1970-01-01T00:00:00.000Z"]]
["eventbridge/batch-job-state.json", ["c8f9c4b5-76e5-d76a-f980-7011e206042b", "aws.batch", "Batch Job State Change", "2017-10-23T17:56:03.000Z"]]
["eventbridge/codebuild-phase.json", ["43ddc2bd-af76-9ca5-2dc7-b695e15adeEX", "aws.codebuild", "CodeBuild Build Phase Change", "2017-09-01T16:14:21.000Z"]]
["eventbridge/codebuild-state.json", ["c030038d-8c4d-6141-9545-00ff7b7153EX", "aws.codebuild", "CodeBuild Build State Change", "2017-09-01T16:14:28.000Z"]]
["eventbridge/codedeploy-instance.json", ["fb1d3015-c091-4bf9-95e2-d98521ab2ecb", "aws.codedeploy", "CodeDeploy Instance State-change Notification", "2016-06-30T23:18:50.000Z"]]
["eventbridge/codepipeline-stage.json", ["CWE-event-id", "aws.codepipeline", "CodePipeline Action Execution State Change", "2017-04-22T03:31:47.000Z"]]
["eventbridge/custom-order.json", ["6a7e8feb-b491-4cf7-a9f1-bf3703467718", "OrderService", "OrderPurchased", "2020-10-22T18:43:48.000Z"]]
["eventbridge/ec2-state-change-replayed.json", ["6a7e8feb-b491-4cf7-a9f1-bf3703467718", "aws.ec2", "EC2 Instance State-change Notification", "2017-12-22T18:43:48.000Z"]]
["eventbridge/ecr-push.json", ["13cde686-328b-6117-af20-0e5566167482", "aws.ecr", "ECR Image Action", "2019-11-16T01:54:34.000Z"]]
["eventbridge/ecs-task.json", ["3317b2af-7005-947d-b652-f55e762e571a", "aws.ecs", "ECS Task State Change", "2020-01-23T17:57:58.000Z"]]
["eventbridge/partner-saas.json", ["b3f1c2aa-1c1c-4f5b-9a40-1b0d2c3e4f50", "aws.partner/example.com/1234567890abcdef/charges", "Charge", "2021-04-20T09:00:00.000Z"]]
["eventbridge/rds-backup.json", ["fe8d3c65-xmpl-c5c3-2c87-81584709a377", "aws.rds", "RDS DB Instance Event", "2020-04-28T07:20:20.000Z"]]
["eventbridge/s3-created-aspnet.json", ["17793124-05d4-b198-2fde-7ededc63b103", "aws.s3", "Object Created", "2021-11-12T00:00:00.000Z"]]
["eventbridge/s3-object-created.json", ["f5f1e65c-dc3a-93ca-6c1e-b1647eac7963", "aws.s3", "Object Created", "2023-03-08T17:50:14.000Z"]]
["eventbridge/s3-object-deleted.json", ["2ee9cc15-d022-99ea-1fb8-1b1bac4850f9", "aws.s3", "Object Deleted", "2021-11-12T00:00:00.000Z"]]
["eventbridge/s3-restore-completed.json", ["6924de0d-13e2-6bbf-c0c1-b903b753565e", "aws.s3", "Object Restore Completed", "2021-11-12T00:00:00.000Z"]]
["eventbridge/scheduled-rule-console.json", ["cdc73f9d-aea9-11e3-9d5a-835b769c0d9c", "aws.events", "Scheduled Event", "1970-01-01T00:00:00.000Z"]]
["eventbridge/scheduled-rule.json", ["cdc73f9d-aea9-11e3-9d5a-835b769c0d9c", "aws.events", "Scheduled Event", "1970-01-01T00:00:00.000Z"]]
["eventbridge/scheduled-rust.json", ["53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "aws.events", "Scheduled Event", "2015-10-08T16:53:06.000Z"]]
["eventbridge/transcribe-failed.json", ["5505f4fc-979b-0304-3570-8fa0e3c09525", "aws.transcribe", "Transcribe Job State Change", "2023-02-24T15:42:10.000Z"]]
`);
