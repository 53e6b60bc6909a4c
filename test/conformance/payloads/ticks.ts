import type { AzureInvocation } from "../../runtimes/hosts/azure/rpc.ts";
import type { HeaderLine, PlainRequest } from "../../runtimes/hosts/host.ts";
import { ruleEvent } from "./aws/eventbridge.ts";
import { publishedEvent, pubsubMessage, push } from "./gcp/pubsub.ts";
import { post } from "./http.ts";
import { binary, cloudEvent, structured } from "./node/cloudevents.ts";
import type { Everywhere } from "./queued.ts";

const AT = "2024-03-01T02:00:00Z";
const SCHEDULE = "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly";

/** What EventBridge Scheduler sends without an input of the user's: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html */
export function schedulerEvent(change: object = {}): object {
  return ruleEvent("{}", {
    source: "aws.scheduler",
    "detail-type": "Scheduled Event",
    time: AT,
    resources: [SCHEDULE],
    ...change,
  });
}

/** What a rule of EventBridge sends. */
export function ruleTick(change: object = {}): object {
  const resources = ["arn:aws:events:eu-west-1:123456789012:rule/nightly"];
  return ruleEvent(
    {},
    { source: "aws.events", "detail-type": "Scheduled Event", time: AT, resources, ...change },
  );
}

/** An input with the context attributes of EventBridge Scheduler filled in. */
export function schedulerInput(change: object = {}): object {
  return { scheduleArn: SCHEDULE, scheduledTime: AT, executionId: "e-1", attemptNumber: "1", ...change };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#usage */
export function timer(change: object = {}, status: object | null = {}): AzureInvocation {
  const full = {
    Last: "2024-02-29T02:00:00+00:00",
    Next: "2024-03-01T02:00:00+00:00",
    LastUpdated: "2024-02-29T02:00:00+00:00",
  };
  const ScheduleStatus = status === null ? null : { ...full, ...status };
  const tick = { Schedule: { AdjustForDST: true }, ScheduleStatus, IsPastDue: false, ...change };
  return { inputData: { json: JSON.stringify(tick) } };
}

/** A job with an HTTP target: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#httptarget */
export function schedulerRequest(headers: readonly HeaderLine[] = [], body = ""): PlainRequest {
  return post("/", body, "application/octet-stream", [
    ["user-agent", "Google-Cloud-Scheduler"],
    ["x-cloudscheduler", "true"],
    ["x-cloudscheduler-jobname", "nightly"],
    ["x-cloudscheduler-scheduletime", AT],
    ...headers,
  ]);
}

/** A job with a topic for a target, pushed and through Eventarc. */
export function schedulerMessages(): PlainRequest[] {
  const message = pubsubMessage("tick", { publishTime: AT, publish_time: AT });
  return [push(message), structured(publishedEvent(message), "/")];
}

/** The tick of 2 o'clock on 1 March 2024 of the schedule `nightly`, from every source. */
export function tick(): Everywhere {
  const event = cloudEvent({ source: "nightly", type: "dev.knative.sources.ping", time: AT });
  return {
    aws: [
      schedulerEvent(),
      ruleTick(),
      schedulerInput(),
      schedulerEvent({ detail: '{"shop":7}' }),
      schedulerEvent({ detail: { shop: 7 } }),
    ],
    azure: [
      timer(),
      timer({ IsPastDue: true }),
      // Without daylight saving's offset, and to the tenth of a microsecond, as .NET writes it.
      timer({}, { Next: "2024-03-01T02:00:00" }),
      timer({}, { Next: "2024-03-01T03:00:00.0000000+01:00" }),
    ],
    gcp: [
      schedulerRequest(),
      schedulerRequest([], '{"shop":7}'),
      schedulerRequest([["content-type", "application/json"]], "{not json"),
    ],
    node: [binary(event, undefined), structured({ ...event, datacontenttype: "application/json", data: {} })],
  };
}
