import type {
  AnyFunction,
  AnyfnError,
  BusEvent,
  ChangeAction,
  ChangeEvent,
  ChangesTrigger,
} from "@anyfn/core";
import { prepareChange } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, decodeEvents, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";
import { type FirestoreData, readFirestoreData } from "./_firestore.ts";
import { invalid } from "./_invalid.ts";

/**
 * Makes the function that functions-framework calls for a changes trigger: Firestore, in JSON or protobuf.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function changesFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<ChangesTrigger, ChangeEvent> = {
  kind: "changes",
  prepare: prepareChange,
  decode: fromChanges,
  expected: "a Firestore CloudEvent",
};

/** `written` covers the three others; with `.withAuthContext` the event also names who made the change. */
const TYPE =
  /^google\.cloud\.firestore\.document\.v1\.(created|updated|deleted|written)(?:\.withAuthContext)?$/;

/** The changes of a delivery; undefined when it carries none. */
export function fromChanges(delivery: Delivery): readonly (ChangeEvent | AnyfnError)[] | undefined {
  return decodeEvents(readContent(delivery), ({ type }) => TYPE.test(type), fromFirestore);
}

function fromFirestore(event: BusEvent): ChangeEvent {
  const data = readFirestoreData(event.data);
  const document = locate(event, data);
  const slash = document.path.lastIndexOf("/");
  return {
    id: event.id,
    action: actionOf(event.type, data),
    keys: { id: document.path.slice(slash + 1), path: document.path },
    before: data.oldValue?.fields,
    after: data.value?.fields,
    sequence: data.value?.updateTime,
    time: event.time,
    expired: false,
    collection: document.path.slice(0, slash),
    database: document.database,
    raw: event,
  };
}

function actionOf(type: string, { value, oldValue }: FirestoreData): ChangeAction {
  const verb = TYPE.exec(type)?.[1];
  if (verb !== "written") return verb as ChangeAction;
  if (value === undefined) return "deleted";
  return oldValue === undefined ? "created" : "updated";
}

/** Database and document, from the document's own name, else from the event's attributes. */
function locate(
  { source, subject }: BusEvent,
  { value, oldValue }: FirestoreData,
): { readonly database: string | undefined; readonly path: string } {
  const name = value?.name ?? oldValue?.name ?? `${source.replace(/^\/\/[^/]+\//, "")}/${subject}`;
  const match = /^projects\/[^/]+\/databases\/([^/]+)\/documents\/(.+)$/.exec(name);
  if (match !== null) return { database: match[1], path: match[2] ?? "" };
  throw invalid("data.value.name", "it must name the document");
}
