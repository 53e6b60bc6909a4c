import type { StreamDescriptionSummary, StreamModeDetails } from "@aws-sdk/client-kinesis";
import { ifThere, isNamed } from "../_errors.ts";
import { retry, until } from "../_retry.ts";
import type { Aws, Found, ResourceKind } from "../kind.ts";
import { everything, fromTagList, ours, prefixOf } from "./_service.ts";

const GONE = "ResourceNotFoundException";

/** Hours for which Kinesis keeps records unless it is told otherwise. */
const DEFAULT_HOURS = 24;

/** A stream of records. */
export const stream: ResourceKind = {
  type: "AWS::Kinesis::Stream",
  label: "stream",
  defaults: { RetentionPeriodHours: DEFAULT_HOURS },
  read: ({ aws, name }) => describe(aws, name),
  create: async ({ aws, name: StreamName, properties, tags }) => {
    const kinesis = await aws.clients.kinesis();
    const StreamModeDetails = properties.StreamModeDetails as StreamModeDetails;
    const asked = { StreamName, StreamModeDetails, Tags: { ...tags } };
    // A stream that is being deleted still has the name.
    const passes = (error: unknown) => isNamed(error, "ResourceInUseException");
    const doing = `the deleted stream ${StreamName} to be gone`;
    await retry(aws, () => kinesis.createStream(asked), passes, { doing });
    await ready(aws, StreamName);
    // Kinesis itself took them with the creation; emulators may not.
    await kinesis.addTagsToStream({ StreamName, Tags: { ...tags } });
    await retain(aws, StreamName, properties.RetentionPeriodHours, DEFAULT_HOURS);
    return toFound(StreamName, await ready(aws, StreamName));
  },
  update: async ({ aws, name: StreamName, properties }, { attributes, properties: before }, changed) => {
    const kinesis = await aws.clients.kinesis();
    if (changed.includes("StreamModeDetails")) {
      const StreamModeDetails = properties.StreamModeDetails as StreamModeDetails;
      await kinesis.updateStreamMode({ StreamARN: attributes.Arn, StreamModeDetails });
      await ready(aws, StreamName);
    }
    await retain(aws, StreamName, properties.RetentionPeriodHours, before.RetentionPeriodHours);
    return toFound(StreamName, await ready(aws, StreamName));
  },
  remove: async ({ aws }, { id: StreamName }) => {
    const kinesis = await aws.clients.kinesis();
    await ifThere(kinesis.deleteStream({ StreamName, EnforceConsumerDeletion: true }), GONE);
  },
  isEmpty: async (aws, { id: StreamName }) => {
    const kinesis = await aws.clients.kinesis();
    const { Shards = [] } = (await ifThere(kinesis.listShards({ StreamName }), GONE)) ?? {};
    const empty = Shards.map(async ({ ShardId }) => {
      const first = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
      const { ShardIterator } = await kinesis.getShardIterator(first);
      const { Records = [], MillisBehindLatest = 0 } = await kinesis.getRecords({ ShardIterator, Limit: 1 });
      return Records.length === 0 && MillisBehindLatest === 0;
    });
    return (await Promise.all(empty)).every((isEmpty) => isEmpty);
  },
  list: async (aws) => {
    const kinesis = await aws.clients.kinesis();
    const names = await everything(async (NextToken) => {
      const page = await kinesis.listStreams({ NextToken });
      return [page.StreamNames, page.NextToken];
    });
    const own = names.filter((name) => name.startsWith(prefixOf(aws)));
    return ours(aws, own, (name) => describe(aws, name));
  },
};

async function describe(aws: Aws, StreamName: string): Promise<Found | undefined> {
  const kinesis = await aws.clients.kinesis();
  const answer = await ifThere(kinesis.describeStreamSummary({ StreamName }), GONE);
  const found = answer?.StreamDescriptionSummary;
  if (found === undefined || found.StreamStatus === "DELETING") return undefined;
  const { Tags } = (await ifThere(kinesis.listTagsForStream({ StreamName }), GONE)) ?? {};
  return {
    ...toFound(StreamName, found.StreamStatus === "ACTIVE" ? found : await ready(aws, StreamName)),
    tags: fromTagList(Tags),
  };
}

/** While a stream is being made or changed, it takes no other change. */
async function ready(aws: Aws, StreamName: string): Promise<StreamDescriptionSummary> {
  const kinesis = await aws.clients.kinesis();
  const ask = async () => {
    const { StreamDescriptionSummary: found } = await kinesis.describeStreamSummary({ StreamName });
    return found?.StreamStatus === "ACTIVE" ? found : undefined;
  };
  return until(aws, ask, { doing: `the stream ${StreamName} to be ready` });
}

async function retain(aws: Aws, StreamName: string, after: unknown, before: unknown): Promise<void> {
  const kinesis = await aws.clients.kinesis();
  const [hours, old] = [after ?? DEFAULT_HOURS, before ?? DEFAULT_HOURS].map(Number);
  if (hours === undefined || old === undefined || hours === old) return;
  const asked = { StreamName, RetentionPeriodHours: hours };
  if (hours > old) await kinesis.increaseStreamRetentionPeriod(asked);
  else await kinesis.decreaseStreamRetentionPeriod(asked);
}

function toFound(name: string, found: StreamDescriptionSummary): Found {
  const { RetentionPeriodHours, StreamModeDetails: mode, StreamARN = "" } = found;
  const properties = {
    RetentionPeriodHours,
    StreamModeDetails: mode === undefined ? undefined : { StreamMode: mode.StreamMode },
  };
  return { id: name, name, properties, attributes: { Ref: name, Arn: StreamARN } };
}
