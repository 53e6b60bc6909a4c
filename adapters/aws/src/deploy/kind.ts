import { hashOf } from "../build/infrastructure-template.ts";
import type { Clients } from "./clients.ts";

/** In place of a value that is known only when what it belongs to was made. */
export const UNKNOWN: unique symbol = Symbol("known after it is made");

/** A type of resource: how one is read, made, changed and deleted. */
export interface ResourceKind {
  /** As the template says: `AWS::SQS::Queue`. */
  readonly type: string;
  /** In plain words: `queue`. */
  readonly label: string;
  /** Properties that cannot be changed in place. */
  readonly immutable?: readonly string[];
  /** Values of properties that are found though the template does not say so; found and not declared, they do not count. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** The name to give it; by default `suggested`, which has 64 characters at most. */
  nameOf?(suggested: string, resource: Omit<Resource, "name">): string;
  /**
   * What is there; undefined when nothing, or when what identifies it is still UNKNOWN. `properties` have the template's
   * own shape, as far as they can be read back: one that cannot be is given as it is declared.
   */
  read(resource: Resource): Promise<Found | undefined>;
  create(resource: Resource): Promise<Found>;
  update(resource: Resource, found: Found, changed: readonly string[]): Promise<Found>;
  /**
   * The second half of an update, for which everything else waits: hands callers what `update` has made, or takes away what
   * only the code before needed. What is created needs none.
   */
  finish?(resource: Resource, found: Found): Promise<Found>;
  /** Whether an update has that second half; by default every one has where there is `finish`. */
  finishes?(resource: Resource, found: Found): boolean;
  /** Gone already is fine. */
  remove(resource: Pick<Resource, "aws" | "name">, found: Found): Promise<void>;
  /** Whether it holds nothing, so that it may be deleted with the stage though users' data stays: for what holds data. */
  isEmpty?(aws: Aws, found: Found): Promise<boolean>;
  /**
   * All that belong to the stage, by their tags or by what they are a part of: for what is no longer declared and for
   * removal. Kinds whose resources always go with another one have none.
   */
  list?(aws: Aws): Promise<readonly Found[]>;
}

/** A resource of the template, resolved. */
export interface Resource {
  readonly aws: Aws;
  readonly logicalId: string;
  /** Physical, and always the same for the same application, stage and logical id. */
  readonly name: string;
  /** May hold {@link UNKNOWN} while a plan is made. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** To be put on what is made, where the service has tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The code of a function. */
  readonly artifact?: CodeArtifact | undefined;
}

/** A function's zip. */
export interface CodeArtifact {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A resource that is there. */
export interface Found {
  /** What the service knows it by. */
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What `Ref`, and `Fn::GetAtt` by the attribute's name, give. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The tags that it has, where the service has tags: one of another application or stage is not touched. */
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined;
  /** The `id` of the resource that takes this one with it when it is deleted. */
  readonly parent?: string | undefined;
}

/** Where resources are made, and whose they are. */
export interface Aws {
  readonly clients: Clients;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly app: string;
  readonly stage: string;
  /** On everything that is made. */
  readonly tags: Readonly<Record<"anyfn:app" | "anyfn:stage", string>>;
  /** Of this deployment: what is made remembers it. */
  readonly deployment: Deployment;
  /** The functions of the stage that there are, asked for once. */
  readonly functions: () => Promise<readonly StageFunction[]>;
  readonly signal: AbortSignal;
  /** Ends early, with an error, when the signal is aborted. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Says what a change waits for. */
  readonly tell: (doing: string) => void;
}

/** What changes of one deployment have in common. */
export interface Deployment {
  /** The same for one that goes on where another one has failed. */
  readonly id: string;
  /** As an ISO date. */
  readonly time: string;
}

/** A function of the stage. */
export interface StageFunction {
  readonly name: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string | undefined>>;
}

/** On what holds users' data: it is not deleted with the stage. */
export const KEPT = "anyfn:kept";

/** Whether tags are those of the stage. */
export function isOurs(
  { tags }: Pick<Aws, "tags">,
  found: Readonly<Record<string, string | undefined>>,
): boolean {
  return Object.entries(tags).every(([name, value]) => found[name] === value);
}

/** A name that is not longer than a service allows; a longer one is cut, with a part of its hash in place of the rest. */
export function cut(name: string, longest: number): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${hashOf(name)}`;
}
