import type { Json } from "./_answer.ts";
import type { Google } from "./google.ts";
import type { Place } from "./place.ts";

/** The arguments of a block, filled in. */
export type Args = Readonly<Record<string, unknown>>;

/** What carries out a change. */
export interface Step {
  readonly google: Google;
  readonly place: Place;
  readonly tell: (doing: string) => void;
  /** Says which deployment this is; later ones sort behind it. */
  readonly deployment: string;
}

/** A resource of Google's, and what it is to have. */
export interface Thing {
  /** `projects/shop/topics/orders` */
  readonly path: string;
  readonly body: Json;
  /** Of a function. */
  readonly source?: Source | undefined;
}

/** The code of a function. */
export interface Source {
  /** Absolute path of the zip. */
  readonly file: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** How resources of one type are read and changed. */
export interface Kind {
  /** In plain words: `topic`. */
  readonly label: string;
  /** The resource's path, which its arguments alone decide. */
  readonly path: (args: Args, place: Place) => string;
  /** What the API is to have, in its own terms, as far as it is declared. */
  readonly body: (args: Args, place: Place) => Json;
  /** What references to it stand for, beyond `id`, its path, and `name`, the end of it. */
  readonly attributes?:
    | ((path: string, found: Json | undefined) => Readonly<Record<string, unknown>>)
    | undefined;
  /** What marks it as made for a stage; nothing for what belongs to the project. */
  readonly mark?: "labels" | "description" | undefined;
  /** Members that cannot be changed in place. */
  readonly immutable?: readonly string[] | undefined;
  /** Members of members that are changed one by one. */
  readonly deep?: readonly string[] | undefined;
  /** When it is deleted: what has a lower number goes before. */
  readonly rank: number;
  /** Whether the last change of it failed, so that it has to be made again whatever it says it is. */
  readonly isBroken?: ((found: Json) => boolean) | undefined;
  /** Holds what users may want to keep, so that only `anyfn remove` deletes it. */
  readonly isStore?: boolean | undefined;
  readonly read: (google: Google, path: string) => Promise<Json | undefined>;
  /** Gives what there is then, where references need it. */
  readonly create: (step: Step, thing: Thing) => Promise<Json>;
  readonly update?: (step: Step, thing: Thing, mask: readonly string[], found: Json) => Promise<Json>;
  readonly remove?: (step: Step, path: string) => Promise<void>;
  /** All of the place, ours or not; absent where nothing is left behind when what it belongs to goes. */
  readonly list?: (google: Google, place: Place) => Promise<readonly Thing[]>;
}

/** The end of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
