import type { Change } from "@anyfn/build";
import { apiVersionOf } from "../build/_types.ts";
import { isOurs, type Tags } from "./_place.ts";
import { ancestorsOf, describe, sameId } from "./_resources.ts";
import { type Session, until } from "./_session.ts";
import { RESOURCES } from "./_stacks.ts";

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly tags?: Tags;
}

/** What deployments that failed have made and no stack manages: it carries the tags of the stage. Plans go after their apps. */
export async function planLeftovers(
  session: Session,
  managed: readonly string[],
): Promise<readonly (readonly Change[])[]> {
  const { place, ask } = session;
  const filter = encodeURIComponent(
    `tagName eq 'anyfn:stage' and tagValue eq '${place.tags["anyfn:stage"]}'`,
  );
  const url = `${place.group}/resources?api-version=${RESOURCES}&$filter=${filter}`;
  const { value = [] } = (await ask({ method: "GET", url, allow: [404] })).json<{
    readonly value?: readonly Listed[];
  }>();
  const isManaged = (id: string): boolean => managed.some((other) => sameId(other, id));
  const left = value.filter(
    ({ id, tags, type }) =>
      isOurs(place, tags) && apiVersionOf(type) !== undefined && ![id, ...ancestorsOf(id)].some(isManaged),
  );
  const isPlan = ({ type }: Listed): boolean => /\/serverfarms$/i.test(type);
  return [left.filter((one) => !isPlan(one)), left.filter(isPlan)].map((wave) =>
    wave.map((one) => deletion(session, one)),
  );
}

function deletion(session: Session, { id, type }: Listed): Change {
  const url = `${id}?api-version=${apiVersionOf(type)}`;
  const described = describe(id);
  return {
    ...described,
    action: "delete",
    details: ["left behind by a deployment that failed"],
    run: async (tell) => {
      await session.ask({ method: "DELETE", url, allow: [404] });
      const isGone = async (): Promise<true | undefined> =>
        (await session.ask({ method: "GET", url, allow: [404] })).status === 404 ? true : undefined;
      await until(session, isGone, { doing: `the deletion of ${described.kind} ${described.name}`, tell });
    },
  };
}
