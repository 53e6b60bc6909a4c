import { ACCOUNT, jsonError, REGION, type ServiceStub } from "./aws-service.ts";
import { answerByPath, at, createJsonStub, type Loose, paged, refusal } from "./aws-service-tables.ts";

/** A bus as the stand-in keeps it: its rules by name, each with its targets by id. */
export interface StubBus {
  readonly tags: unknown;
  readonly rules: Map<string, { rule: Loose; readonly targets: Map<string, Loose> }>;
}

/** The stand-in of EventBridge, and its buses by name. */
export interface EventsStub extends ServiceStub {
  readonly buses: Map<string, StubBus>;
}

const GONE = "ResourceNotFoundException";

/** Starts with the default bus. */
export function createEventsStub(): EventsStub {
  const buses = new Map<string, StubBus>([["default", { tags: [], rules: new Map() }]]);
  const busAt = (name: unknown = "default") => at(buses, name, GONE);
  const arnOf = (rest: string) => `arn:aws:events:${REGION}:${ACCOUNT}:${rest}`;
  const ruleArn = (bus: unknown, name: unknown) =>
    arnOf(bus === undefined || bus === "default" ? `rule/${name}` : `rule/${bus}/${name}`);
  const ruleAt = ({ EventBusName, Rule }: Loose) => at(busAt(EventBusName).rules, Rule, GONE);
  const stub = createJsonStub("events", {
    CreateEventBus: ({ Name, Tags }) => {
      if (buses.has(String(Name))) throw refusal("ResourceAlreadyExistsException");
      buses.set(String(Name), { tags: Tags, rules: new Map() });
      return { EventBusArn: arnOf(`event-bus/${Name}`) };
    },
    DescribeEventBus: ({ Name }) => {
      busAt(Name);
      return { Name, Arn: arnOf(`event-bus/${Name}`) };
    },
    ListEventBuses: ({ NamePrefix, NextToken }) => {
      const names = [...buses.keys()].filter((name) => name.startsWith(String(NamePrefix ?? "")));
      const [page, next] = paged(names, NextToken);
      return { EventBuses: page.map((Name) => ({ Name })), NextToken: next };
    },
    DeleteEventBus: ({ Name }) => {
      if (busAt(Name).rules.size > 0)
        throw refusal("ValidationException", 400, "Rules are still on the bus.");
      buses.delete(String(Name));
      return {};
    },
    PutRule: ({ EventBusName, Name, Tags, ...rule }) => {
      const { rules } = busAt(EventBusName);
      const before = rules.get(String(Name));
      if (before !== undefined && Tags !== undefined) throw refusal("ValidationException");
      const kept = { ...rule, Tags: Tags ?? before?.rule.Tags };
      rules.set(String(Name), { rule: kept, targets: before?.targets ?? new Map() });
      return { RuleArn: ruleArn(EventBusName, Name) };
    },
    DescribeRule: ({ EventBusName, Name }) => {
      const { Tags: _, ...rule } = ruleAt({ EventBusName, Rule: Name }).rule;
      return {
        ...rule,
        Name,
        EventBusName: EventBusName ?? "default",
        Arn: ruleArn(EventBusName, Name),
        State: "ENABLED",
      };
    },
    ListRules: ({ EventBusName, NamePrefix, NextToken }) => {
      const names = [...busAt(EventBusName).rules.keys()].filter((name) =>
        name.startsWith(String(NamePrefix)),
      );
      const [page, next] = paged(names, NextToken);
      return { Rules: page.map((Name) => ({ Name })), NextToken: next };
    },
    ListTagsForResource: ({ ResourceARN }) => {
      const [, kind, first = "", second] =
        /:(rule|event-bus)\/([^/]+)(?:\/(.+))?$/.exec(String(ResourceARN)) ?? [];
      if (kind === "event-bus") return { Tags: busAt(first).tags };
      const place = second === undefined ? { Rule: first } : { EventBusName: first, Rule: second };
      return { Tags: ruleAt(place).rule.Tags };
    },
    PutTargets: (input) => {
      const { targets } = ruleAt(input);
      for (const target of input.Targets as readonly Loose[]) targets.set(String(target.Id), target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input) => {
      const [Targets, NextToken] = paged(ruleAt(input).targets.values(), input.NextToken);
      return { Targets, NextToken };
    },
    RemoveTargets: (input) => {
      for (const id of input.Ids as readonly string[]) ruleAt(input).targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    DeleteRule: ({ EventBusName, Name }) => {
      const { targets } = ruleAt({ EventBusName, Rule: Name });
      if (targets.size > 0)
        throw refusal("ValidationException", 400, "Rule can't be deleted since it has targets.");
      busAt(EventBusName).rules.delete(String(Name));
      return {};
    },
  });
  return { ...stub, buses };
}

/** The stand-in of the Scheduler, and its schedules by name. */
export interface SchedulerStub extends ServiceStub {
  readonly schedules: Map<string, Loose>;
}

/** Starts empty. */
export function createSchedulerStub(): SchedulerStub {
  const schedules = new Map<string, Loose>();
  const ScheduleArn = (name: unknown) => `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}`;
  const scheduleAt = (name: unknown) => at(schedules, name, GONE, 404);
  const put = ({ Name, ClientToken: _, ...schedule }: Loose): Loose => {
    schedules.set(String(Name), schedule);
    return { ScheduleArn: ScheduleArn(Name) };
  };
  const routes = {
    "POST /schedules/{Name}": (input: Loose) => {
      if (schedules.has(String(input.Name))) throw refusal("ConflictException", 409);
      return put(input);
    },
    "PUT /schedules/{Name}": (input: Loose) => {
      scheduleAt(input.Name);
      return put(input);
    },
    "GET /schedules/{Name}": ({ Name }: Loose) => ({
      ...scheduleAt(Name),
      Name,
      Arn: ScheduleArn(Name),
      State: "ENABLED",
    }),
    "GET /schedules": ({ NamePrefix, NextToken }: Loose) => {
      const names = [...schedules.keys()].filter((name) => name.startsWith(String(NamePrefix)));
      const [page, next] = paged(names, NextToken);
      return { Schedules: page.map((Name) => ({ Name })), NextToken: next };
    },
    "DELETE /schedules/{Name}": ({ Name }: Loose) => {
      scheduleAt(Name);
      schedules.delete(String(Name));
      return {};
    },
  };
  return {
    name: "scheduler",
    schedules,
    answer: (request) => answerByPath(routes, request) ?? jsonError(501, "NotImplemented", request.operation),
  };
}
