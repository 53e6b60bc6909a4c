import type { SubscriptionFilter } from "@aws-sdk/client-cloudwatch-logs";
import { ifThere, isNamed } from "../_errors.ts";
import { retry } from "../_retry.ts";
import type { Aws, Found, Resource, ResourceKind } from "../kind.ts";
import { atAlias, GONE } from "./_lambda.ts";
import { sendersOf } from "./_senders.ts";
import { everything, known, ours, prefixOf } from "./_service.ts";

/** Where Lambda's own groups are, so that the console finds them. */
const FOLDER = "/aws/lambda/";

/** The log of one function. */
export const logGroup: ResourceKind = {
  type: "AWS::Logs::LogGroup",
  label: "log group",
  nameOf: (suggested) => `${FOLDER}${suggested.replace(/-function-logs$/, "")}`,
  read: async ({ aws, name }) => (await groups(aws, name)).find((group) => group.name === name),
  create: async ({ aws, name, properties, tags }) => {
    const logs = await aws.clients.logs();
    await logs.createLogGroup({ logGroupName: name, tags: { ...tags } });
    await retain(aws, name, properties.RetentionInDays);
    return { id: name, name, properties, attributes: { Ref: name, Arn: arnOf(aws, name) } };
  },
  update: async ({ aws, name, properties }, found) => {
    await retain(aws, name, properties.RetentionInDays);
    return { ...found, properties };
  },
  remove: async ({ aws }, { id }) => {
    const logs = await aws.clients.logs();
    await ifThere(logs.deleteLogGroup({ logGroupName: id }), GONE);
  },
  list: async (aws) => ours(aws, await groups(aws, `${FOLDER}${prefixOf(aws)}`), async (found) => found),
};

/** Sends what a log group of others gets to a function. */
export const subscriptionFilter: ResourceKind = {
  type: "AWS::Logs::SubscriptionFilter",
  label: "log subscription",
  immutable: ["LogGroupName"],
  read: async ({ aws, name, properties }) => {
    const group = known(properties.LogGroupName);
    return group === undefined ? undefined : filterOf(aws, group, name);
  },
  create: (resource) => putFilter(resource),
  update: (resource) => putFilter(resource),
  remove: async ({ aws }, { id }) => {
    const logs = await aws.clients.logs();
    const [logGroupName, filterName] = id.split("|");
    await ifThere(logs.deleteSubscriptionFilter({ logGroupName, filterName }), GONE);
  },
  list: listFilters,
};

async function groups(aws: Aws, logGroupNamePrefix: string): Promise<readonly Found[]> {
  const logs = await aws.clients.logs();
  const all = await everything(async (nextToken) => {
    const page = await logs.describeLogGroups({ logGroupNamePrefix, nextToken });
    return [page.logGroups, page.nextToken];
  });
  return Promise.all(
    all.map(async ({ logGroupName: name = "", retentionInDays: RetentionInDays }) => {
      const resourceArn = arnOf(aws, name).slice(0, -2);
      const answer = await ifThere(logs.listTagsForResource({ resourceArn }), GONE);
      const attributes = { Ref: name, Arn: arnOf(aws, name) };
      return { id: name, name, properties: { RetentionInDays }, attributes, tags: answer?.tags ?? {} };
    }),
  );
}

/** As templates have it: with all of the group's streams. */
const arnOf = ({ partition, region, account }: Aws, name: string) =>
  `arn:${partition}:logs:${region}:${account}:log-group:${name}:*`;

async function retain(aws: Aws, logGroupName: string, days: unknown): Promise<void> {
  const logs = await aws.clients.logs();
  if (days === undefined) await logs.deleteRetentionPolicy({ logGroupName });
  else await logs.putRetentionPolicy({ logGroupName, retentionInDays: days as number });
}

async function filterOf(aws: Aws, group: string, name: string): Promise<Found | undefined> {
  return (await filtersIn(aws, group, name)).find((filter) => filter.name === name);
}

async function filtersIn(
  aws: Aws,
  logGroupName: string,
  filterNamePrefix: string,
): Promise<readonly Found[]> {
  const logs = await aws.clients.logs();
  const all = await everything(async (nextToken) => {
    const asked = logs.describeSubscriptionFilters({ logGroupName, filterNamePrefix, nextToken });
    const page = await ifThere(asked, GONE);
    return [page?.subscriptionFilters, page?.nextToken];
  });
  return all.map((filter) => filterAt(logGroupName, filter));
}

function filterAt(group: string, filter: SubscriptionFilter): Found {
  const { filterName: name = "", destinationArn: DestinationArn, filterPattern: FilterPattern = "" } = filter;
  const properties = { DestinationArn, FilterPattern, LogGroupName: group };
  return { id: `${group}|${name}`, name, properties, attributes: { Ref: name } };
}

async function putFilter({ aws, name, properties }: Resource): Promise<Found> {
  const logs = await aws.clients.logs();
  const filter = {
    logGroupName: properties.LogGroupName as string,
    filterName: name,
    filterPattern: properties.FilterPattern as string,
    destinationArn: properties.DestinationArn as string,
  };
  // The function's permission is new, too.
  const passes = (error: unknown) => isNamed(error, "InvalidParameterException", "OperationAbortedException");
  const doing = "CloudWatch to see that it may invoke the function";
  await retry(aws, () => logs.putSubscriptionFilter(filter), passes, { doing });
  return filterAt(filter.logGroupName, filter);
}

/** No listing leads to a filter but that of its group. */
async function listFilters(aws: Aws): Promise<readonly Found[]> {
  const functions = (await aws.functions()).map(({ name }) => name);
  const arns = await sendersOf(aws, "logs.amazonaws.com");
  const found = arns.map((arn) => {
    const [, group = ""] = /:log-group:([^:]+)/.exec(arn) ?? [];
    return filtersIn(aws, group, prefixOf(aws));
  });
  return (await Promise.all(found))
    .flat()
    .filter(({ properties }) => functions.includes(atAlias(properties.DestinationArn)?.FunctionName ?? ""));
}
