import type { Action, Change, StageInput } from "@anyfn/build";
import { deployError } from "./_errors.ts";
import { isOurs, type Place, type StackName } from "./_place.ts";
import { ancestorsOf, describe, sameId } from "./_resources.ts";
import type { Session } from "./_session.ts";
import { codeTags, readSite } from "./_site.ts";
import { deleteStack, deployTemplate, isCurrent, putStack, readStack, type Stack } from "./_stacks.ts";
import { keepTags, leaveOut, type StackTemplate } from "./_templates.ts";
import { detailsOf, type Predicted, predict } from "./_what-if.ts";

type Waves = readonly (readonly Change[])[];

/** What the code needs, and what may go once no code needs it any more. */
export interface Infrastructure {
  readonly before: Waves;
  readonly after: Waves;
}

/** What a deployment does to the resources that the code needs. */
export async function planInfrastructure(
  session: Session,
  template: StackTemplate,
  stack: Stack | undefined,
  { only }: StageInput,
): Promise<Infrastructure> {
  const title = session.place.stacks.main;
  const current = isCurrent(stack, template);
  const predicted = await predict(session, title, await complete(session, template, stack));
  const foreign = foreignOf(session.place, predicted, stack);
  const resources = predicted.map((one) => changeOf(one, current, foreign));
  const gone = current || only !== undefined ? [] : goneFrom(stack, predicted);
  const changed = resources.filter(({ action }) => action !== "keep").length;
  // A stack deletes at the end of its deployment; as long as the code from before serves, it must not.
  const isLate = gone.length > 0 || (only !== undefined && goneFrom(stack, predicted).length > 0);
  const send = isLate ? deployTemplate : putStack;
  const needsStack = !isLate && !current;
  const first: Change = {
    action: stack === undefined ? "create" : changed > 0 || needsStack ? "update" : "keep",
    kind: "deployment stack",
    name: title,
    details: changed > 0 ? [`resources created or changed: ${changed}`] : [],
    run: async (tell) => {
      const known = await readStack(session, "main");
      const sent = leaveOut(await complete(session, template, known), foreign);
      await send(session, "main", sent, tell);
    },
  };
  return {
    before: [[first], resources],
    after: gone.length === 0 ? [] : [[cleaning(session, template, foreign, gone)], gone.map(deletionOf)],
  };
}

function cleaning(
  session: Session,
  template: StackTemplate,
  foreign: readonly string[],
  gone: readonly string[],
): Change {
  return {
    action: "update",
    kind: "deployment stack",
    name: session.place.stacks.main,
    details: [`resources deleted: ${gone.length}`],
    run: async (tell) => {
      const known = await readStack(session, "main");
      await putStack(session, "main", leaveOut(await complete(session, template, known), foreign), tell);
    },
  };
}

/** The tags that deployments of code leave on the app are not in the template, and must outlive it. */
async function complete(
  session: Session,
  template: StackTemplate,
  stack: Stack | undefined,
): Promise<StackTemplate> {
  const site = await readSite(session, stack);
  return site === undefined ? template : keepTags(template, codeTags(site));
}

/**
 * What is there already and was not made by this stage. It is left as it is, since a stack deletes what it manages one day.
 *
 * @throws AnyfnError `deploy` for what is somebody else's by its tags
 */
export function foreignOf(
  place: Place,
  predicted: readonly Predicted[],
  stack: Stack | undefined,
): readonly string[] {
  const managed = new Set(stack?.resources.map((id) => id.toLowerCase()));
  const mine = new Set(
    predicted
      .filter(({ changeType, before, resourceId }) => {
        return (
          changeType === "Create" || isOurs(place, before?.tags) || managed.has(resourceId.toLowerCase())
        );
      })
      .map(({ resourceId }) => resourceId.toLowerCase()),
  );
  const isMine = (id: string): boolean =>
    mine.has(id.toLowerCase()) || managed.has(id.toLowerCase()) || ancestorsOf(id).some(isMine);
  // A role is given to the app's own identity: nobody else can have made that assignment.
  const isRole = (id: string): boolean => /\/roleAssignments\/[^/]+$/i.test(id);
  const foreign = predicted.filter(
    ({ resourceId, changeType }) =>
      changeType !== "Unsupported" && !isRole(resourceId) && !isMine(resourceId),
  );
  const taken = foreign.filter(({ before }) => before?.location !== undefined);
  if (taken.length > 0) {
    const names = taken.map(({ resourceId }) => {
      const { kind, name } = describe(resourceId);
      return `  ${kind} ${name}`;
    });
    throw deployError(
      `These are there already, and are not this stage's:\n${names.join("\n")}\n` +
        "Choose other names with --parameter, leave them out of `create`, or delete them.",
    );
  }
  return foreign.map(({ resourceId }) => resourceId.slice(resourceId.lastIndexOf("/providers/") + 11));
}

const ACTIONS: Readonly<Record<Predicted["changeType"], Action>> = {
  Create: "create",
  Modify: "update",
  Deploy: "update",
  Unsupported: "update",
  NoChange: "keep",
  Ignore: "keep",
  Delete: "delete",
};

/**
 * After the same template only what was deleted since is a change: the prediction cannot read settings of apps or resolve
 * references, and takes these for changes each time.
 */
export function changeOf(predicted: Predicted, current: boolean, foreign: readonly string[]): Change {
  const { resourceId, changeType, after } = predicted;
  const described = describe(resourceId, after);
  if (foreign.some((path) => resourceId.endsWith(`/providers/${path}`))) {
    return { ...described, action: "keep", details: ["was there before: it is neither changed nor deleted"] };
  }
  const isChange = !current || changeType === "Create";
  return {
    ...described,
    action: isChange ? ACTIONS[changeType] : "keep",
    details: isChange ? detailsOf(predicted) : [],
  };
}

/** What a stack manages and a template no longer has. */
export function goneFrom(stack: Stack | undefined, predicted: readonly Predicted[]): readonly string[] {
  return (stack?.resources ?? []).filter((id) => !predicted.some(({ resourceId }) => sameId(resourceId, id)));
}

/** Deletes a stack with all that it manages, if it is there. */
export function planEnd(session: Session, which: StackName, stack: Stack | undefined): Waves {
  if (stack === undefined) return [];
  const own: Change = {
    action: "delete",
    kind: "deployment stack",
    name: session.place.stacks[which],
    details: [],
    run: (tell) => deleteStack(session, which, tell),
  };
  return [[own], stack.resources.map(deletionOf)];
}

/** Carried out by the stack. */
function deletionOf(id: string): Change {
  return { ...describe(id), action: "delete", details: [] };
}
