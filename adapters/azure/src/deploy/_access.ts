import { createHash } from "node:crypto";
import type { Change } from "@anyfn/build";
import { apiVersionOf, ROLES } from "../build/_types.ts";
import { hasRelease } from "./_releases.ts";
import type { Answer, Session } from "./_session.ts";
import type { Site } from "./_site.ts";
import { readStack, type Stack } from "./_stacks.ts";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
const VERSION = `api-version=${apiVersionOf(ASSIGNMENTS)}`;
const ROLE = "Storage Blob Data Contributor";
/** Tells those that deployments have made from others. */
const MARK = "anyfn deploy: keeps releases for rollbacks";
const CONTAINER = /\/blobServices\/default\/containers\/deployments$/i;
/** Times and milliseconds: a new right is known everywhere after some minutes. */
const TRIES = 30;
const PAUSE = 10_000;

interface Assignment {
  readonly id: string;
  readonly properties: { readonly scope?: string; readonly description?: string | null };
}

/**
 * Who deploys needs a right on the data of the container in which releases are kept; not even owners of the account have it.
 * It is given on that container alone, as the app's own rights are. Nothing where it is there already.
 */
export async function accessChanges(
  session: Session,
  site: Site | undefined,
  hash: string,
): Promise<readonly Change[]> {
  if (site !== undefined && (await hasRelease(session, site, hash)) !== undefined) return [];
  if ((await session.principal()) === undefined) return [];
  return [
    {
      action: "create",
      kind: "role assignment",
      name: `${ROLE} on deployments, for whoever deploys`,
      details: [],
      run: () => giveAccess(session),
    },
  ];
}

/** Takes back what deployments, whoever's, were given. */
export async function accessRemovals(session: Session, stack: Stack | undefined): Promise<readonly Change[]> {
  const container = containerOf(stack);
  if (container === undefined) return [];
  const url = `${container}/providers/${ASSIGNMENTS}?${VERSION}&$filter=atScope()`;
  const answer = await session.ask({ method: "GET", url, allow: [404] });
  const { value = [] } = answer.json<{ readonly value?: readonly Assignment[] }>();
  const given = value.filter(({ properties }) => properties.description === MARK);
  return given.map(({ id }) => ({
    action: "delete",
    kind: "role assignment",
    name: `${ROLE} on deployments, for whoever deployed`,
    details: [],
    run: async () => {
      await session.ask({ method: "DELETE", url: `${id}?${VERSION}`, allow: [404] });
    },
  }));
}

/** Asks for data again while the right to them is too new to be known. */
export async function withAccess(
  { wait }: Session,
  tell: (doing: string) => void,
  act: (allow: readonly number[]) => Promise<Answer>,
): Promise<Answer> {
  for (let left = TRIES; ; left -= 1) {
    const answer = await act(left > 0 ? [403] : []);
    if (answer.status !== 403) return answer;
    tell("waiting for the right to keep releases");
    await wait(PAUSE);
  }
}

/** 409 says that the right is there under another name. */
async function giveAccess(session: Session): Promise<void> {
  const [container, principal] = [containerOf(await readStack(session, "main")), await session.principal()];
  if (container === undefined || principal === undefined) return;
  const name = toGuid(`${container.toLowerCase()} ${principal.id}`);
  const roles = `/subscriptions/${session.place.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
  await session.ask({
    method: "PUT",
    url: `${container}/providers/${ASSIGNMENTS}/${name}?${VERSION}`,
    allow: [409],
    body: {
      properties: {
        roleDefinitionId: `${roles}/${ROLES[ROLE]}`,
        principalId: principal.id,
        principalType: principal.type,
        description: MARK,
      },
    },
  });
}

function containerOf(stack: Stack | undefined): string | undefined {
  return stack?.resources.find((id) => CONTAINER.test(id));
}

/** Names of role assignments are GUIDs. */
function toGuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
