import { bodyOf, ifThere, isRecord, type Json } from "./_answer.ts";
import { type Call, type Google, whilePropagating } from "./google.ts";
import { type Args, type Kind, nameOf, type Step, type Thing } from "./kind.ts";
import { finish } from "./operation.ts";
import { type Place, within } from "./place.ts";

type Request = Pick<Call, "method" | "path" | "query" | "body">;

/** What a request for a resource is made of. */
export interface At extends Thing {
  /** `projects/shop/topics` */
  readonly collection: string;
  /** The end of the path. */
  readonly id: string;
  readonly place: Place;
}

/** How an API takes the resources of a type. */
export interface RestKind
  extends Pick<Kind, "label" | "body" | "attributes" | "mark" | "immutable" | "rank" | "isStore"> {
  readonly service: string;
  readonly version: string;
  /** Where resources of this type are. */
  readonly collection: (args: Args, place: Place) => string;
  readonly id: (args: Args, place: Place) => string;
  readonly create: (at: At) => Request;
  readonly update: (at: At, mask: readonly string[]) => Request;
  /** Whether its changes are long-running operations. */
  readonly isLong?: boolean;
  /** The member of a list's answer that has the resources; by default the end of the collection's path. */
  readonly items?: string;
  /** Where all of a place are listed; by default the collection. */
  readonly all?: (place: Place) => Pick<Call, "path" | "query">;
  /** The path of a listed resource; by default its name, which is one. */
  readonly pathOf?: (item: Json, place: Place) => string;
  /** Whether something found is as good as gone, or another service's. */
  readonly isIgnored?: (found: Json) => boolean;
  /** What brings back something that is as good as gone, before it is updated. */
  readonly restore?: (at: At) => Request;
}

/** Reads and changes resources of a type as their API is described. */
export function restKind(rest: RestKind): Kind {
  const { service, version, label, body, attributes, mark, immutable, rank, isStore } = rest;
  const send = (google: Google, { method, path, query, body: sent }: Request) =>
    google.send({ service, method, path: `${version}/${path}`, query, body: sent });
  const change = async (step: Step, request: Request): Promise<Json> => {
    const answer = bodyOf(await whilePropagating(step.google, step.tell, () => send(step.google, request)));
    return rest.isLong ? finish(step, service, version, answer) : answer;
  };
  const find = async (google: Google, path: string) => ifThere(await send(google, { method: "GET", path }));
  const update = (step: Step, thing: Thing, mask: readonly string[]) =>
    change(step, rest.update(atOf(thing, step), mask));
  return {
    ...{ label, body, attributes, mark, immutable, rank, isStore },
    path: (args, place) => `${rest.collection(args, place)}/${rest.id(args, place)}`,
    read: async (google, path) => {
      const found = await find(google, path);
      return found === undefined || rest.isIgnored?.(found) ? undefined : found;
    },
    create: async (step, thing) => {
      const { restore } = rest;
      if (restore === undefined || (await find(step.google, thing.path)) === undefined)
        return change(step, rest.create(atOf(thing, step)));
      await change(step, restore(atOf(thing, step)));
      return update(step, thing, Object.keys(thing.body));
    },
    update,
    remove: async (step, path) => {
      const answer = ifThere(await send(step.google, { method: "DELETE", path }));
      if (rest.isLong && answer !== undefined) await finish(step, service, version, answer);
    },
    list: (google, place) => listAll(google, rest, place),
  };
}

async function listAll(google: Google, rest: RestKind, place: Place): Promise<readonly Thing[]> {
  const { service, version, isIgnored, items: named } = rest;
  const { path, query } = rest.all?.(place) ?? { path: rest.collection({}, place) };
  const found: Thing[] = [];
  let pageToken: string | undefined;
  do {
    const answer = ifThere(
      await google.send({
        service,
        method: "GET",
        path: `${version}/${path}`,
        query: { ...query, pageToken },
      }),
    );
    const items = answer?.[named ?? nameOf(path)];
    for (const body of Array.isArray(items) ? items.filter(isRecord) : []) {
      if (isIgnored?.(body)) continue;
      found.push({ path: rest.pathOf?.(body, place) ?? within(place, String(body.name)), body });
    }
    pageToken = typeof answer?.nextPageToken === "string" ? answer.nextPageToken : undefined;
  } while (pageToken);
  return found;
}

function atOf({ path, body }: Thing, { place }: Step): At {
  const at = path.lastIndexOf("/");
  return { path, body, place, collection: path.slice(0, at), id: path.slice(at + 1) };
}
