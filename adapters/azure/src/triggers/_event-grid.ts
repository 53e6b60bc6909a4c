import { AnyfnError, type BusEvent } from "@anyfn/core";
import { readCloudEvent, unknownPayload } from "@anyfn/core/adapter";
import { isObject, malformed, timeOf } from "./_values.ts";

/**
 * Events of an invocation, in either schema: one, or a list. In the place of one that cannot be read stands an error:
 * `unknown-payload`, or `invalid-payload` naming the member at fault.
 */
export function fromEventGrid(input: unknown, trigger: string): (BusEvent | AnyfnError)[] {
  if (!Array.isArray(input)) return [fromEvent(input, "", trigger)];
  return input.map((event, index) => fromEvent(event, `[${index}].`, trigger));
}

function fromEvent(event: unknown, path: string, trigger: string): BusEvent | AnyfnError {
  try {
    if (isObject(event) && "specversion" in event) return readCloudEvent(event);
    if (isObject(event) && "eventType" in event) return fromEventGridSchema(event, path, trigger);
  } catch (error) {
    if (!(error instanceof AnyfnError)) throw error;
    return placed(error, path, trigger);
  }
  return unknownPayload(event, "azure", trigger, "the CloudEvents schema and the Event Grid schema");
}

/** Says of an error of CloudEvents where it arose. */
export function placed(error: AnyfnError, path: string, trigger: string): AnyfnError {
  const { code, message, provider } = error;
  if (provider !== undefined) return error;
  return new AnyfnError(code, message, { provider: "azure", trigger, path: `${path}${error.path ?? ""}` });
}

/**
 * The Event Grid schema in the words of CloudEvents.
 *
 * @see https://learn.microsoft.com/azure/event-grid/event-schema
 */
function fromEventGridSchema(
  event: Readonly<Record<string, unknown>>,
  path: string,
  trigger: string,
): BusEvent {
  const text = (name: string): string => {
    const value = event[name];
    if (typeof value === "string" && value !== "") return value;
    throw malformed(trigger, `${path}${name}`, "must be text");
  };
  const { subject, data, dataVersion } = event;
  const time = event.eventTime === undefined ? undefined : timeOf(event.eventTime);
  if (time === undefined && event.eventTime !== undefined)
    throw malformed(trigger, `${path}eventTime`, "must be a time");
  const isVersioned = typeof dataVersion === "string" && dataVersion !== "";
  return {
    id: text("id"),
    source: text("topic"),
    type: text("eventType"),
    subject: typeof subject === "string" && subject !== "" ? subject : undefined,
    time,
    data: data ?? undefined,
    datacontenttype: undefined,
    dataschema: undefined,
    extensions: isVersioned ? { dataversion: dataVersion } : {},
    raw: event,
  };
}
