import { deployError } from "./_errors.ts";
import { hostKeys } from "./_keys.ts";
import type { Release } from "./_releases.ts";
import { type Answer, type Session, until } from "./_session.ts";
import { listFunctions, type Site } from "./_site.ts";

type Tell = (doing: string) => void;

/** What the publish endpoint says of a deployment. */
interface Progress {
  readonly id?: string;
  readonly status?: number;
  readonly status_text?: string | null;
  readonly message?: string | null;
}

const SUCCESS = 4;
/** Failed, in conflict with another, partly successful, cancelled. */
const FAILURES: readonly number[] = [3, 5, 6, -1];
/** Times and milliseconds. */
const TRIES = 20;
const PAUSE = 15_000;

/**
 * Publishes a zip, and waits until the host runs it. The host takes over the new code as a whole; where that fails, it goes on
 * with what it has.
 */
export async function publish(session: Session, site: Site, { zip }: Release, tell: Tell): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    const id = await upload(session, site, zip, tell);
    const progress = await progressOf(session, site, id, tell);
    if (progress.status === SUCCESS) return;
    const words = await wordsOf(session, site, id, progress);
    // The app reads its code with its own identity, whose rights are too new to be known after the first deployment.
    const passes =
      left > 0 && /forbidden|\b403\b|not authorized|authorization(?:failure|permission)/i.test(words);
    if (!passes) throw deployError(`The app ${site.name} did not take the code: ${words}`);
    tell("waiting for the app's right to read its code");
    await session.wait(PAUSE);
  }
}

/** Waits until the host knows all functions and says that it runs. @throws AnyfnError `deploy` that names what is missing */
export async function awaitFunctions(
  session: Session,
  site: Site,
  functions: readonly string[],
  tell: Tell,
): Promise<void> {
  const missingNow = async (): Promise<readonly string[]> => {
    const found = await listFunctions(session, site);
    return functions.filter((name) => !found.includes(name));
  };
  const longest = 300_000;
  let missing = functions;
  for (let waited = 0; ; waited += 5000) {
    missing = await missingNow();
    if (missing.length === 0) break;
    if (waited >= longest) {
      throw deployError(
        `The app ${site.name} has taken the code, and its host finds ${functions.length - missing.length} of ${functions.length} ` +
          `functions. Missing: ${missing.join(", ")}. Its log says why: it is in Application Insights.`,
      );
    }
    tell(`waiting for ${missing.length} of ${functions.length} functions`);
    await session.wait(5000);
  }
  await awaitHost(session, site, tell);
}

/** The host says what hinders it, such as a module that throws while it loads. */
async function awaitHost(session: Session, site: Site, tell: Tell): Promise<void> {
  const { masterKey = "" } = await hostKeys(session, site);
  const { errors = [] } = await until(
    session,
    async () => {
      const answer = await session.ask({
        method: "GET",
        url: `${site.origin}/admin/host/status`,
        scope: null,
        headers: { "x-functions-key": masterKey },
        allow: "all",
      });
      const status = answer.status === 200 ? answer.json<HostStatus>() : {};
      return status.state === "Running" || status.state === "Error" ? status : undefined;
    },
    { doing: "the host to start", every: 5000, longest: 300_000, tell },
  );
  if (errors.length > 0)
    throw deployError(`The host of ${site.name} does not run the code: ${errors.join("; ")}`);
}

interface HostStatus {
  readonly state?: string;
  readonly errors?: readonly string[];
}

/** 409 says that another deployment is going on. */
async function upload(session: Session, site: Site, zip: Buffer, tell: Tell): Promise<string | undefined> {
  const { body } = await until(
    session,
    async () => {
      const answer: Answer = await session.ask({
        method: "POST",
        url: `${site.publish}/api/publish?RemoteBuild=false&Deployer=anyfn`,
        headers: { "content-type": "application/zip", "cache-control": "no-cache" },
        body: zip,
        allow: [409],
      });
      return answer.status === 409 ? undefined : { body: answer.bytes.toString() };
    },
    { doing: "another deployment of the app", every: 10_000, longest: 600_000, tell },
  );
  return /^"?([\w-]+)"?\s*$/.exec(body)?.[1];
}

/** `latest` may be the deployment before for a while, and one by its id may not be known yet. */
async function progressOf(
  session: Session,
  site: Site,
  id: string | undefined,
  tell: Tell,
): Promise<Progress> {
  return until(
    session,
    async () => {
      const url = `${site.publish}/api/deployments/${id ?? "latest"}`;
      const answer = await session.ask({ method: "GET", url, allow: [404] });
      const { status, ...rest } = answer.status === 404 ? {} : answer.json<Progress>();
      const isOver = status === SUCCESS || (status !== undefined && FAILURES.includes(status));
      return isOver ? { status, ...rest } : undefined;
    },
    { doing: "the app to take the code", every: 3000, longest: 1_200_000, tell },
  );
}

/** The cause is in the log of the deployment, if anywhere. */
async function wordsOf(
  session: Session,
  site: Site,
  id: string | undefined,
  { status_text, message }: Progress,
): Promise<string> {
  const url = `${site.publish}/api/deployments/${id ?? "latest"}/log`;
  const answer = await session.ask({ method: "GET", url, allow: "all" });
  const lines = answer.status === 200 ? answer.json<readonly { readonly message?: string }[]>() : [];
  const last = Array.isArray(lines) ? lines.slice(-3).flatMap((line) => line.message ?? []) : [];
  const words = [status_text, message, ...last].filter(
    (word) => word !== undefined && word !== null && word !== "",
  );
  return [...new Set(words)].join("; ") || "it says no reason";
}
