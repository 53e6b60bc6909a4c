import type { Target } from "@aws-sdk/client-eventbridge";
import { deployError, ifThere } from "../_errors.ts";
import type { Aws, Found, Resource, ResourceKind } from "../kind.ts";
import { everything, fromTagList, known, ours, parsed, prefixOf, toTagList } from "./_service.ts";

const GONE = "ResourceNotFoundException";

/** The bus that every account has. */
const DEFAULT_BUS = "default";

/** A bus for events. */
export const eventBus: ResourceKind = {
  type: "AWS::Events::EventBus",
  label: "event bus",
  immutable: ["Name"],
  nameOf: (suggested, { properties }) => known(properties.Name) ?? suggested,
  read: ({ aws, name }) => describeBus(aws, name),
  create: async ({ aws, name, properties, tags }) => {
    const events = await aws.clients.eventBridge();
    const { EventBusArn = "" } = await events.createEventBus({ Name: name, Tags: toTagList(tags) });
    return { id: name, name, properties, attributes: { Ref: name, Arn: EventBusArn, Name: name } };
  },
  // The name is all there is.
  update: async (_resource, found) => found,
  remove: async ({ aws }, { id: Name }) => {
    const events = await aws.clients.eventBridge();
    await ifThere(events.deleteEventBus({ Name }), GONE);
  },
  list: async (aws) => ours(aws, await busNames(aws, prefixOf(aws)), (name) => describeBus(aws, name)),
};

/** A rule with its targets: events of a bus, or times in UTC, that reach a function. */
export const rule: ResourceKind = {
  type: "AWS::Events::Rule",
  label: "rule",
  immutable: ["EventBusName"],
  defaults: { EventBusName: DEFAULT_BUS },
  read: async ({ aws, name, properties }) => {
    const bus = properties.EventBusName === undefined ? DEFAULT_BUS : known(properties.EventBusName);
    return bus === undefined ? undefined : describeRule(aws, bus, name);
  },
  create: async (resource) => putRule(resource, toTagList(resource.tags)),
  update: async (resource, found) => {
    const put = await putRule(resource);
    const declared = targetsOf(resource.properties).map(({ Id }) => Id);
    const gone = targetsOf(found.properties).map(({ Id }) => Id as string);
    const Ids = gone.filter((id) => !declared.includes(id));
    if (Ids.length > 0) await removeTargets(resource.aws, found, Ids);
    return put;
  },
  remove: async ({ aws }, found) => {
    const events = await aws.clients.eventBridge();
    const [EventBusName, Rule = ""] = found.id.split("|");
    const targets = await targetsAt(aws, EventBusName, Rule);
    if (targets.length > 0)
      await removeTargets(
        aws,
        found,
        targets.map(({ Id }) => Id as string),
      );
    await ifThere(events.deleteRule({ EventBusName, Name: Rule }), GONE);
  },
  list: async (aws) => {
    const events = await aws.clients.eventBridge();
    const found = (await busNames(aws)).map(async (EventBusName) => {
      const rules = await everything(async (NextToken) => {
        const asked = events.listRules({ EventBusName, NamePrefix: prefixOf(aws), NextToken });
        const page = await ifThere(asked, GONE);
        return [page?.Rules, page?.NextToken];
      });
      return ours(aws, rules, ({ Name = "" }) => describeRule(aws, EventBusName, Name));
    });
    return (await Promise.all(found)).flat();
  },
};

async function busNames(aws: Aws, NamePrefix?: string): Promise<readonly string[]> {
  const events = await aws.clients.eventBridge();
  const buses = await everything(async (NextToken) => {
    const page = await events.listEventBuses({ NamePrefix, NextToken });
    return [page.EventBuses, page.NextToken];
  });
  return buses.map(({ Name = "" }) => Name);
}

async function describeBus(aws: Aws, name: string): Promise<Found | undefined> {
  const events = await aws.clients.eventBridge();
  const bus = await ifThere(events.describeEventBus({ Name: name }), GONE);
  if (bus === undefined) return undefined;
  const { Arn = "" } = bus;
  const attributes = { Ref: name, Arn, Name: name };
  return { id: name, name, properties: { Name: name }, attributes, tags: await tagsOf(aws, Arn) };
}

async function describeRule(aws: Aws, EventBusName: string, name: string): Promise<Found | undefined> {
  const events = await aws.clients.eventBridge();
  const described = await ifThere(events.describeRule({ EventBusName, Name: name }), GONE);
  if (described === undefined) return undefined;
  const { Arn = "", EventPattern, ScheduleExpression } = described;
  const properties = {
    EventBusName,
    EventPattern: parsed(EventPattern),
    ScheduleExpression,
    Targets: await targetsAt(aws, EventBusName, name),
  };
  return { ...toFound(EventBusName, name, Arn, properties), tags: await tagsOf(aws, Arn) };
}

/** Targets as a template has them, in the order of their ids. */
async function targetsAt(
  aws: Aws,
  EventBusName: string | undefined,
  Rule: string,
): Promise<readonly Target[]> {
  const events = await aws.clients.eventBridge();
  const all = await everything(async (NextToken) => {
    const page = await ifThere(events.listTargetsByRule({ EventBusName, Rule, NextToken }), GONE);
    return [page?.Targets, page?.NextToken];
  });
  return all.toSorted((a, b) => (String(a.Id) < String(b.Id) ? -1 : 1));
}

async function tagsOf(aws: Aws, ResourceARN: string): Promise<Record<string, string>> {
  const events = await aws.clients.eventBridge();
  return fromTagList((await ifThere(events.listTagsForResource({ ResourceARN }), GONE))?.Tags);
}

function toFound(bus: string, name: string, Arn: string, properties: Found["properties"]): Found {
  return { id: `${bus}|${name}`, name, properties, attributes: { Ref: name, Arn } };
}

const targetsOf = ({ Targets }: Found["properties"]) => Targets as readonly Target[];

async function putRule(
  { aws, name, properties }: Resource,
  Tags?: ReturnType<typeof toTagList>,
): Promise<Found> {
  const events = await aws.clients.eventBridge();
  const { EventBusName = DEFAULT_BUS, EventPattern, ScheduleExpression } = properties as Rule;
  const pattern = EventPattern === undefined ? undefined : JSON.stringify(EventPattern);
  const put = { Name: name, EventBusName, EventPattern: pattern, ScheduleExpression, Tags };
  const { RuleArn = "" } = await events.putRule(put);
  const Targets = [...targetsOf(properties)];
  const { FailedEntries = [] } = await events.putTargets({ Rule: name, EventBusName, Targets });
  failIf(FailedEntries);
  return toFound(EventBusName, name, RuleArn, properties);
}

interface Rule {
  readonly EventBusName?: string;
  readonly EventPattern?: unknown;
  readonly ScheduleExpression?: string;
}

async function removeTargets(aws: Aws, { id }: Found, Ids: readonly string[]): Promise<void> {
  const events = await aws.clients.eventBridge();
  const [EventBusName, Rule] = id.split("|");
  const asked = events.removeTargets({ EventBusName, Rule, Ids: [...Ids] });
  failIf((await ifThere(asked, GONE))?.FailedEntries ?? []);
}

/** EventBridge answers 200 although it has not done what it was asked for. */
function failIf(
  entries: readonly { readonly ErrorCode?: string | undefined; readonly ErrorMessage?: string | undefined }[],
): void {
  const [first] = entries;
  if (first === undefined) return;
  throw deployError(`EventBridge refused the rule's target: ${first.ErrorCode}: ${first.ErrorMessage}`);
}
