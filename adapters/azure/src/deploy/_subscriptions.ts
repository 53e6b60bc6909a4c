import type { Change, StageInput } from "@anyfn/build";
import { changeOf, foreignOf, goneFrom, planEnd } from "./_infrastructure.ts";
import { hostKeys } from "./_keys.ts";
import { type Session, until } from "./_session.ts";
import { siteOf } from "./_site.ts";
import { deployTemplate, isCurrent, putStack, readStack, type Stack } from "./_stacks.ts";
import { leaveOut, type StackTemplate } from "./_templates.ts";
import { predict } from "./_what-if.ts";

type Tell = (doing: string) => void;
type Waves = readonly (readonly Change[])[];

/** What a deployment does, once the code is there, to what brings the events of Event Grid to it. */
export async function planSubscriptions(
  session: Session,
  template: StackTemplate | undefined,
  stack: Stack | undefined,
  { only }: StageInput,
): Promise<Waves> {
  const name = session.place.stacks.events;
  const own = { kind: "deployment stack", name };
  if (template === undefined) {
    return only === undefined ? planEnd(session, "events", stack) : [];
  }
  if (!isCurrent(stack, template)) {
    const details = [`brings events to: ${functionsOf(template).join(", ")}`];
    const run = (tell: Tell) => subscribe(session, template, only !== undefined, tell);
    // What Azure would change depends on keys that the new code's host makes.
    return [[{ ...own, action: stack === undefined ? "create" : "update", details, run }]];
  }
  const predicted = await predict(session, name, template);
  const resources = predicted.map((one) => changeOf(one, true, []));
  const isWhole = resources.every(({ action }) => action === "keep");
  const run = (tell: Tell) => subscribe(session, template, only !== undefined, tell);
  return [[{ ...own, action: isWhole ? "keep" : "update", details: [], run }], resources];
}

async function subscribe(
  session: Session,
  template: StackTemplate,
  isPart: boolean,
  tell: Tell,
): Promise<void> {
  await awaitKeys(session, template, tell);
  const stack = await readStack(session, "events");
  const predicted = await predict(session, session.place.stacks.events, template);
  const main = await readStack(session, "main");
  const managed = [...(stack?.resources ?? []), ...(main?.resources ?? [])];
  const known: Stack = { state: "", hash: undefined, resources: managed };
  const sent = leaveOut(template, foreignOf(session.place, predicted, known));
  const send = isPart && goneFrom(stack, predicted).length > 0 ? deployTemplate : putStack;
  await send(session, "events", sent, tell);
}

/** Blob triggers have a key that the host makes when it first starts with them. */
async function awaitKeys(session: Session, template: StackTemplate, tell: Tell): Promise<void> {
  if (!JSON.stringify(template.template).includes("blobs_extension")) return;
  const site = await siteOf(session);
  await until(session, async () => (await hostKeys(session, site)).systemKeys?.blobs_extension, {
    doing: "the host's key for blob triggers",
    longest: 300_000,
    tell,
  });
}

/** Subscriptions have the names of their functions. */
function functionsOf({ template }: StackTemplate): readonly string[] {
  return template.resources
    .filter(({ type }) => type.endsWith("/eventSubscriptions"))
    .map(({ name }) => /\/([\w-]+)(?:'|$)/.exec(name)?.[1] ?? name)
    .sort();
}
