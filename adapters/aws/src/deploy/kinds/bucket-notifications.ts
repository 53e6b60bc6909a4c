import type { Event, FilterRuleName, LambdaFunctionConfiguration } from "@aws-sdk/client-s3";
import { isNamed } from "../_errors.ts";
import { retry } from "../_retry.ts";
import type { Aws } from "../kind.ts";
import { fromTagList, toTagList } from "./_service.ts";

/** What a bucket tells, as a template has it. */
export interface Notifications {
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled: boolean };
  readonly LambdaConfigurations?: readonly LambdaNotification[];
}

interface LambdaNotification {
  readonly Event: Event;
  readonly Filter?: { readonly S3Key: { readonly Rules: readonly FilterRule[] } };
  readonly Function: string;
}

type FilterRule = { readonly Name: FilterRuleName; readonly Value: string };

/** Tells our notifications from those that others have added to the bucket's one document. */
const MARK = "anyfn-";

/** A tag of a bucket that tells EventBridge: some services that are like S3 do so, but never say it. */
const BRIDGED = "anyfn:eventbridge";

/** What a bucket tells because of us; EventBridge may also be told because of others. */
export async function notificationsOf(
  aws: Aws,
  Bucket: string,
  declared: unknown,
  tags: Readonly<Record<string, string>>,
): Promise<Notifications> {
  const s3 = await aws.clients.s3();
  const found = await s3.getBucketNotificationConfiguration({ Bucket });
  const isBridged = (declared as Notifications | undefined)?.EventBridgeConfiguration !== undefined;
  const own = (found.LambdaFunctionConfigurations ?? []).filter(({ Id }) => Id?.startsWith(MARK));
  return {
    ...(isBridged && (found.EventBridgeConfiguration !== undefined || BRIDGED in tags)
      ? { EventBridgeConfiguration: { EventBridgeEnabled: true } }
      : {}),
    ...(own.length > 0 ? { LambdaConfigurations: own.toSorted(byNumber).map(fromService) } : {}),
  };
}

/** Has a bucket tell what is declared, and what others have it tell. */
export async function notify(aws: Aws, Bucket: string, declared: Notifications = {}): Promise<void> {
  const s3 = await aws.clients.s3();
  const { LambdaFunctionConfigurations = [], ...others } = await s3.getBucketNotificationConfiguration({
    Bucket,
  });
  const foreign = LambdaFunctionConfigurations.filter(({ Id }) => !Id?.startsWith(MARK));
  const EventBridgeConfiguration =
    declared.EventBridgeConfiguration === undefined ? others.EventBridgeConfiguration : {};
  const own = declared.LambdaConfigurations ?? [];
  const asked = {
    Bucket,
    NotificationConfiguration: {
      EventBridgeConfiguration,
      LambdaFunctionConfigurations: [...foreign, ...own.map(toService)],
      QueueConfigurations: others.QueueConfigurations,
      TopicConfigurations: others.TopicConfigurations,
    },
  };
  // S3 tries whether it may invoke the function, whose permission is new, too.
  const passes = (error: unknown) => isNamed(error, "InvalidArgument", "OperationAborted");
  const doing = "S3 to see that it may invoke the function";
  await retry(aws, () => s3.putBucketNotificationConfiguration(asked), passes, { doing });
  if (declared.EventBridgeConfiguration === undefined) return;
  const { TagSet = [] } = await s3.getBucketTagging({ Bucket });
  const tags = { ...fromTagList(TagSet), [BRIDGED]: "true" };
  await s3.putBucketTagging({ Bucket, Tagging: { TagSet: toTagList(tags) } });
}

const numberOf = ({ Id = "" }: LambdaFunctionConfiguration) => Number(Id.slice(MARK.length));

const byNumber = (a: LambdaFunctionConfiguration, b: LambdaFunctionConfiguration) =>
  numberOf(a) - numberOf(b);

function toService(declared: LambdaNotification, index: number): LambdaFunctionConfiguration {
  const rules = declared.Filter?.S3Key.Rules;
  return {
    Id: `${MARK}${index}`,
    LambdaFunctionArn: declared.Function,
    Events: [declared.Event],
    Filter: rules === undefined ? undefined : { Key: { FilterRules: [...rules] } },
  };
}

/** S3 writes the names of rules in its own case and order. */
function fromService({ Events, Filter, LambdaFunctionArn }: LambdaFunctionConfiguration): LambdaNotification {
  const rules = (Filter?.Key?.FilterRules ?? []).map(({ Name = "", Value = "" }) => ({
    Name: Name.toLowerCase() as FilterRuleName,
    Value,
  }));
  const Rules = rules.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  const filter = Rules.length === 0 ? {} : { Filter: { S3Key: { Rules } } };
  return { Event: Events?.[0] as Event, ...filter, Function: LambdaFunctionArn ?? "" };
}
