import type { Clients } from "../clients.ts";
import { type Aws, type Found, isOurs } from "../kind.ts";

/** All that a listing has, page by page: what a page holds, and the token of the next one. */
export async function everything<T>(
  ask: (
    token: string | undefined,
  ) => Promise<readonly [page: readonly T[] | undefined, next: string | undefined]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const [page = [], next] = await ask(token);
    found.push(...page);
    token = next;
  } while (token);
  return found;
}

/** What is being asked at the moment, by what it asks. */
const asked = new WeakMap<Clients, Map<string, Promise<unknown>>>();

/** Asks once for all who want to know the same thing at the same time: listings are throttled. */
export function together<T>({ clients }: Aws, question: string, ask: () => Promise<T>): Promise<T> {
  const open = asked.get(clients) ?? new Map<string, Promise<unknown>>();
  asked.set(clients, open);
  const answer = open.get(question) ?? ask().finally(() => open.delete(question));
  open.set(question, answer);
  return answer as Promise<T>;
}

/** What the names of a stage's resources begin with; those of another one may do so, too. */
export function prefixOf({ app, stage }: Pick<Aws, "app" | "stage">): string {
  // A longer name is cut, and has a hash behind this.
  return `${app}-${stage}-`.slice(0, 55);
}

/** Describes resources, and leaves out those that are gone or that have other tags than the stage. */
export async function ours<T>(
  aws: Aws,
  candidates: readonly T[],
  describe: (candidate: T) => Promise<Found | undefined>,
): Promise<readonly Found[]> {
  const found = await Promise.all(candidates.map(describe));
  return found.filter((one) => one !== undefined).filter(({ tags = {} }) => isOurs(aws, tags));
}

/** A tag as most services write it. */
export interface Tag {
  Key: string;
  Value: string;
}

/** Tags as most services take them. */
export function toTagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as most services give them. */
export function fromTagList(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** A description in place of tags, for what cannot have them. */
export function toMark({ app, stage }: Pick<Aws, "app" | "stage">, name: string): string {
  return `anyfn ${app}/${stage} ${name}`;
}

/** The name in a description that {@link toMark} wrote for the stage. */
export function fromMark(aws: Pick<Aws, "app" | "stage">, description = ""): string | undefined {
  const mark = toMark(aws, "");
  return description.startsWith(mark) ? description.slice(mark.length) : undefined;
}

/** A value that is text and known by now. */
export function known(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** JSON as services keep it, or undefined. */
export function parsed(json: string | undefined): unknown {
  return json === undefined || json === "" ? undefined : JSON.parse(json);
}
