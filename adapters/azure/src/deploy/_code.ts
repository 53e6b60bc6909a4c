import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Change, DeployInput } from "@anyfn/build";
import { toError } from "@anyfn/core/adapter";
import { accessChanges, withAccess } from "./_access.ts";
import { deployError } from "./_errors.ts";
import { awaitFunctions, publish } from "./_publish.ts";
import { dropRelease, keepRelease, type Release, readRelease, toRelease } from "./_releases.ts";
import type { Session } from "./_session.ts";
import { codeTags, listFunctions, noteCode, type Site, siteOf } from "./_site.ts";

type Tell = (doing: string) => void;
type Waves = readonly (readonly Change[])[];

/** What a deployment does to the code: all functions are in one zip, and change at once. */
export async function planCode(session: Session, input: DeployInput, site: Site | undefined): Promise<Waves> {
  const { functions, manifest, only, directory } = input;
  const [artifact] = manifest.artifacts;
  if (artifact?.zip === undefined || artifact.zip === null) throw deployError("The build has made no zip.");
  const { name: file, sha256: hash } = artifact.zip;
  const names = functions.map(({ name }) => name);
  const found = site === undefined ? [] : await listFunctions(session, site);
  const lost = names.filter((name) => !found.includes(name));
  if (site?.code === hash && lost.length === 0) {
    return [
      [{ action: "keep", kind: "code", name: site.name, details: [] }],
      functionChanges(names, found, true),
    ];
  }
  const others = only === undefined ? [] : names.filter((name) => !only.includes(name));
  const details = [
    ...describeHashes(site?.code, hash),
    ...(site?.code === hash ? [`not found by the host: ${lost.join(", ")}`] : []),
    ...(others.length === 0
      ? []
      : [`all functions are in one app, so that these change too: ${others.join(", ")}`]),
  ];
  const run = async (tell: Tell): Promise<void> => {
    const zip = await readFile(join(directory, artifact.directory, file));
    await deployCode(session, hash, { zip, functions: names }, tell);
  };
  const action = site?.code === undefined ? "create" : "update";
  const name = site?.name ?? session.place.app;
  const code: Change = { action, kind: "code", name, details, run };
  return [await accessChanges(session, site, hash), [code], functionChanges(names, found, false)];
}

/** What a rollback does: the zip before this one is published again. */
export async function planEarlierCode(session: Session): Promise<Waves> {
  const site = await siteOf(session);
  const { previous, code } = site;
  if (previous === undefined || code === undefined) {
    throw deployError("No code was deployed before the one that serves. There is nothing to go back to.");
  }
  const found = await listFunctions(session, site);
  const run = async (tell: Tell): Promise<void> => {
    const release = await releaseOf(session, site, previous, tell);
    await publish(session, site, release, tell);
    await awaitFunctions(session, site, release.functions, tell);
    await noteCode(session, site, codeTags({ code: previous, previous: code }));
  };
  const change: Change = {
    action: "update",
    kind: "code",
    name: site.name,
    details: describeHashes(code, previous),
    run,
  };
  return [await accessChanges(session, site, previous), [change], functionChanges(found, found, false)];
}

async function deployCode(session: Session, hash: string, release: Release, tell: Tell): Promise<void> {
  const site = await siteOf(session);
  tell("keeping the code for rollbacks");
  await withAccess(session, tell, (allow) => keepRelease(session, site, hash, release, allow));
  tell("publishing");
  await publish(session, site, release, tell);
  try {
    await awaitFunctions(session, site, release.functions, tell);
  } catch (error) {
    throw await bringBack(session, site, hash, error, tell);
  }
  const previous = site.code === hash ? site.previous : site.code;
  await noteCode(session, site, codeTags({ code: hash, previous }));
  const stale = site.previous;
  if (stale !== undefined && stale !== hash && stale !== previous) await dropRelease(session, site, stale);
}

/** The host has the new code and cannot run it, so that the one before is published again. */
async function bringBack(
  session: Session,
  site: Site,
  hash: string,
  cause: unknown,
  tell: Tell,
): Promise<Error> {
  const { message } = toError(cause);
  if (site.code === undefined || site.code === hash) return toError(cause);
  try {
    tell("publishing the code from before again");
    await publish(session, site, await releaseOf(session, site, site.code, tell), tell);
    return deployError(`${message} The code from before was published again.`, cause);
  } catch (error) {
    return deployError(
      `${message} The code from before could not be published again: ${toError(error).message}`,
      cause,
    );
  }
}

async function releaseOf(session: Session, site: Site, hash: string, tell: Tell): Promise<Release> {
  const answer = await withAccess(session, tell, (allow) =>
    readRelease(session, site, hash, [...allow, 404]),
  );
  if (answer.status !== 404) return toRelease(answer);
  throw deployError(`The zip ${hash.slice(0, 12)} is no longer in the container of releases. Deploy again.`);
}

/** Done with the code that they are in: these say whose callers meet other code. */
function functionChanges(
  names: readonly string[],
  found: readonly string[],
  isKept: boolean,
): readonly Change[] {
  const gone = found.filter((name) => !names.includes(name));
  return [
    ...names.map((name): Change => {
      const change = { kind: "function", name, details: [] };
      if (isKept) return { ...change, action: "keep" };
      return { ...change, action: found.includes(name) ? "update" : "create", switches: name };
    }),
    ...gone.map(
      (name): Change => ({ action: isKept ? "keep" : "delete", kind: "function", name, details: [] }),
    ),
  ];
}

function describeHashes(from: string | undefined, to: string): readonly string[] {
  return from === to ? [] : [`code: ${from?.slice(0, 12) ?? "none"} → ${to.slice(0, 12)}`];
}
