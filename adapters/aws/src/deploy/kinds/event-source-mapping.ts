import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  UpdateEventSourceMappingRequest,
} from "@aws-sdk/client-lambda";
import { ifThere, isNamed } from "../_errors.ts";
import { inParallel } from "../_parallel.ts";
import { retry, until } from "../_retry.ts";
import { type Aws, type Found, isOurs, type ResourceKind, UNKNOWN } from "../kind.ts";
import { atAlias, change, GONE } from "./_lambda.ts";
import { everything, prefixOf } from "./_service.ts";

/** Lets Lambda poll a queue or stream for a function. */
export const eventSourceMapping: ResourceKind = {
  type: "AWS::Lambda::EventSourceMapping",
  label: "event source mapping",
  immutable: ["EventSourceArn", "StartingPosition"],
  defaults: { MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] },
  read: async ({ aws, name, properties: { FunctionName, EventSourceArn } }) => {
    if (FunctionName === UNKNOWN || EventSourceArn === UNKNOWN) return undefined;
    const own = atAlias(FunctionName)?.FunctionName;
    const all = await mappingsOf(aws, EventSourceArn as string);
    const mapping = all.find(({ FunctionArn }) => atAlias(FunctionArn)?.FunctionName === own);
    if (mapping === undefined) return undefined;
    return foundMapping(name, { ...mapping, FunctionArn: String(FunctionName) }, await tagsOf(aws, mapping));
  },
  create: async ({ aws, name, properties, tags }) => {
    const lambda = await aws.clients.lambda();
    const request = { ...properties, Tags: { ...tags } } as unknown as CreateEventSourceMappingRequest;
    const made = await withRights(aws, () => lambda.createEventSourceMapping(request));
    await settled(aws, made.UUID ?? "");
    return foundMapping(name, made, tags);
  },
  update: async ({ aws, properties }, found, changed) => {
    const lambda = await aws.clients.lambda();
    const { EventSourceArn: _source, StartingPosition: _position, ...rest } = properties;
    const cleared = Object.fromEntries(changed.map((property) => [property, CLEARED[property]]));
    const request = { ...cleared, ...rest, UUID: found.id } as unknown as UpdateEventSourceMappingRequest;
    await settled(aws, found.id);
    await change(aws, () => lambda.updateEventSourceMapping(request));
    await settled(aws, found.id);
    return { ...found, properties };
  },
  remove: async ({ aws }, { id: UUID }) => {
    const lambda = await aws.clients.lambda();
    const deleted = await ifThere(
      change(aws, () => lambda.deleteEventSourceMapping({ UUID })),
      GONE,
    );
    if (deleted !== undefined) await settled(aws, UUID);
  },
  list: async (aws) => {
    const all = await mappingsOf(aws);
    const named = all.filter(({ FunctionArn }) =>
      atAlias(FunctionArn)?.FunctionName.startsWith(prefixOf(aws)),
    );
    const found = await inParallel(named, async (mapping) => {
      const name = `of ${atAlias(mapping.FunctionArn)?.FunctionName}`;
      return foundMapping(name, mapping, await tagsOf(aws, mapping));
    });
    return found.filter(({ tags = {} }) => isOurs(aws, tags));
  },
};

/** What an update takes for a property that is no longer declared. */
const CLEARED: Readonly<Record<string, unknown>> = {
  FilterCriteria: {},
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
};

/** Lambda tries the role's rights at once, which may be new. */
function withRights<T>(aws: Aws, act: () => Promise<T>): Promise<T> {
  const passes = (error: unknown) =>
    isNamed(error, "InvalidParameterValueException") && /role|permission/i.test(String(error));
  return retry(aws, () => change(aws, act), passes, { doing: "Lambda to see the role's new rights" });
}

/** Waits until a change of a mapping has ended. */
async function settled(aws: Aws, UUID: string): Promise<void> {
  const lambda = await aws.clients.lambda();
  const ask = async (): Promise<true | undefined> => {
    const found = await ifThere(lambda.getEventSourceMapping({ UUID }), GONE);
    return /^(?:Creat|Enabl|Disabl|Updat|Delet)ing$/.test(found?.State ?? "") ? undefined : true;
  };
  await until(aws, ask, { doing: "the event source mapping to be ready" });
}

async function mappingsOf(
  aws: Aws,
  EventSourceArn?: string,
): Promise<readonly EventSourceMappingConfiguration[]> {
  const lambda = await aws.clients.lambda();
  const all = await everything(async (Marker) => {
    const page = await lambda.listEventSourceMappings({ EventSourceArn, Marker });
    return [page.EventSourceMappings, page.NextMarker];
  });
  return all.filter(({ State }) => State !== "Deleting");
}

async function tagsOf(aws: Aws, { EventSourceMappingArn: Resource }: EventSourceMappingConfiguration) {
  const lambda = await aws.clients.lambda();
  return (await ifThere(lambda.listTags({ Resource }), GONE))?.Tags ?? {};
}

function foundMapping(name: string, mapping: EventSourceMappingConfiguration, tags: Found["tags"]): Found {
  const { UUID = "", FunctionArn: FunctionName, DestinationConfig, FilterCriteria } = mapping;
  const { BatchSize, EventSourceArn, FunctionResponseTypes, MaximumBatchingWindowInSeconds } = mapping;
  const { BisectBatchOnFunctionError, MaximumRetryAttempts, MaximumRecordAgeInSeconds } = mapping;
  const Destination = DestinationConfig?.OnFailure?.Destination;
  const Filters = FilterCriteria?.Filters?.map(({ Pattern }) => ({ Pattern })) ?? [];
  const { StartingPosition } = mapping;
  return {
    id: UUID,
    name,
    properties: {
      BatchSize,
      EventSourceArn,
      FunctionName,
      FunctionResponseTypes,
      MaximumBatchingWindowInSeconds,
      StartingPosition,
      BisectBatchOnFunctionError,
      MaximumRetryAttempts,
      MaximumRecordAgeInSeconds,
      ...(Destination === undefined ? {} : { DestinationConfig: { OnFailure: { Destination } } }),
      ...(Filters.length === 0 ? {} : { FilterCriteria: { Filters } }),
    },
    attributes: { Ref: UUID },
    tags,
  };
}
