import { type Answer, bodyOf, ifThere, type Json } from "./_answer.ts";
import { type Google, whilePropagating } from "./google.ts";
import { nameOf } from "./kind.ts";
import { editPolicy, type Guarded, type Right, readOf, rightsIn, writeOf } from "./policies.ts";

/** The policies of resources, each read once for a plan, and changed by one at a time. */
export interface Rights {
  readonly has: (right: Right) => Promise<boolean>;
  /** What a resource's policy has; nothing where there is no resource. */
  readonly on: (guarded: Guarded) => Promise<readonly Right[]>;
  readonly add: (right: Right, tell: (doing: string) => void) => Promise<void>;
  readonly remove: (right: Right, tell: (doing: string) => void) => Promise<void>;
}

/** How often a policy that others change at the same time is read again. */
const MOST_CONFLICTS = 8;

/** Reads and changes the policies of resources. */
export function createRights(google: Google): Rights {
  const known = new Map<string, Promise<Json | undefined>>();
  const queues = new Map<string, Promise<unknown>>();
  const read = (guarded: Guarded): Promise<Json | undefined> => {
    const key = keyOf(guarded);
    const policy = known.get(key) ?? readPolicy(google, guarded);
    known.set(key, policy);
    return policy;
  };
  const change = (right: Right, isAdded: boolean, tell: (doing: string) => void): Promise<void> => {
    const key = keyOf(right.on);
    const turn = (queues.get(key) ?? Promise.resolve()).then(() =>
      changePolicy(google, right, isAdded, tell),
    );
    queues.set(
      key,
      turn.catch(() => {}),
    );
    return turn;
  };
  const on = async (guarded: Guarded) => rightsIn(await read(guarded), guarded);
  return {
    on,
    has: async (right) => (await on(right.on)).some((other) => isSame(right, other)),
    add: (right, tell) => change(right, true, tell),
    remove: (right, tell) => change(right, false, tell),
  };
}

/** Whether two rights are one. */
export function isSame(a: Right, b: Right): boolean {
  return (
    a.role === b.role &&
    a.on.path === b.on.path &&
    // Mail addresses come back in small letters.
    a.member.toLowerCase() === b.member.toLowerCase() &&
    a.condition?.expression === b.condition?.expression
  );
}

/** `roles/run.invoker on shop-dev-get for allUsers` */
export function describeRight({ on, role, member }: Right): string {
  return `${role} on ${nameOf(on.path)} for ${member}`;
}

function keyOf({ type, path }: Guarded): string {
  return `${type} ${path}`;
}

async function readPolicy(google: Google, guarded: Guarded): Promise<Json | undefined> {
  return ifThere(await google.send(readOf(guarded)));
}

/** Reads, changes and writes; the etag tells when somebody else was faster. */
async function changePolicy(
  google: Google,
  right: Right,
  isAdded: boolean,
  tell: (doing: string) => void,
): Promise<void> {
  const attempt = async (): Promise<Answer> => {
    const answer = await google.send(readOf(right.on));
    if (!answer.ok) return !isAdded && answer.failure.status === 404 ? { ok: true, body: {} } : answer;
    const isThere = rightsIn(answer.body, right.on).some((other) => isSame(right, other));
    if (isThere === isAdded) return answer;
    return google.send(writeOf(right.on, editPolicy(answer.body, right, isAdded)));
  };
  for (let left = MOST_CONFLICTS; ; left -= 1) {
    const answer = await whilePropagating(google, tell, attempt);
    if (answer.ok || left === 0 || ![409, 412].includes(answer.failure.status)) {
      bodyOf(answer);
      return;
    }
    tell("waiting for another change of the same policy");
    await google.wait(1000);
  }
}
