import type { ServiceStub } from "./aws-service.ts";
import { at, createJsonStub, type Loose, paged, refusal } from "./aws-service-tables.ts";

/** A log group as the stand-in keeps it. */
export interface StubLogGroup {
  readonly tags: unknown;
  days: unknown;
  /** By name. */
  readonly filters: Map<string, Loose>;
  /** Events as CloudWatch gives them. */
  readonly events: Loose[];
}

/** The stand-in of CloudWatch Logs, and its groups by name. */
export interface LogsStub extends ServiceStub {
  readonly groups: Map<string, StubLogGroup>;
}

/** Starts empty. */
export function createLogsStub(): LogsStub {
  const groups = new Map<string, StubLogGroup>();
  const groupAt = ({ logGroupName }: Loose) => at(groups, logGroupName, "ResourceNotFoundException");
  const starting = <T>(all: ReadonlyMap<string, T>, prefix: unknown) =>
    [...all].filter(([name]) => name.startsWith(String(prefix ?? "")));
  const stub = createJsonStub("logs", {
    CreateLogGroup: ({ logGroupName, tags }) => {
      if (groups.has(String(logGroupName))) throw refusal("ResourceAlreadyExistsException");
      groups.set(String(logGroupName), { tags, days: undefined, filters: new Map(), events: [] });
      return {};
    },
    DescribeLogGroups: ({ logGroupNamePrefix, nextToken }) => {
      const [page, next] = paged(starting(groups, logGroupNamePrefix), nextToken);
      const logGroups = page.map(([logGroupName, { days }]) => ({ logGroupName, retentionInDays: days }));
      return { logGroups, nextToken: next };
    },
    ListTagsForResource: ({ resourceArn }) => {
      const name = /:log-group:([^:]+)$/.exec(String(resourceArn))?.[1];
      return { tags: at(groups, name, "ResourceNotFoundException").tags };
    },
    PutRetentionPolicy: (input) => {
      groupAt(input).days = input.retentionInDays;
      return {};
    },
    DeleteRetentionPolicy: (input) => {
      groupAt(input).days = undefined;
      return {};
    },
    DeleteLogGroup: (input) => {
      groupAt(input);
      groups.delete(String(input.logGroupName));
      return {};
    },
    PutSubscriptionFilter: (input) => {
      groupAt(input).filters.set(String(input.filterName), input);
      return {};
    },
    DescribeSubscriptionFilters: (input) => {
      const found = starting(groupAt(input).filters, input.filterNamePrefix).map(([, filter]) => filter);
      const [subscriptionFilters, nextToken] = paged(found, input.nextToken);
      return { subscriptionFilters, nextToken };
    },
    DeleteSubscriptionFilter: (input) => {
      const { filters } = groupAt(input);
      at(filters, input.filterName, "ResourceNotFoundException");
      filters.delete(String(input.filterName));
      return {};
    },
    FilterLogEvents: (input) => {
      const [events, nextToken] = paged(
        groupAt(input).events.filter(({ timestamp }) => Number(timestamp) >= Number(input.startTime ?? 0)),
        input.nextToken,
      );
      return { events, nextToken };
    },
  });
  return { ...stub, groups };
}
