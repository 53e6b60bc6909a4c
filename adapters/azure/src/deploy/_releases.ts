import type { Answer, Session } from "./_session.ts";
import type { Site } from "./_site.ts";

/** Rights on blobs are asked for at the same address in all clouds. */
const SCOPE = "https://storage.azure.com/.default";
const VERSION = "2023-11-03";
/** Headers hold no more than 8 KB altogether. */
const MOST_NAMES = 6000;

/** A zip that was published, and the functions in it, as far as they are known. */
export interface Release {
  readonly zip: Buffer;
  readonly functions: readonly string[];
}

/** Whether a release is kept; undefined where whoever asks has no right to know. */
export async function hasRelease(session: Session, site: Site, hash: string): Promise<boolean | undefined> {
  const { status } = await blob(session, site, hash, "HEAD", { allow: [403, 404] });
  return status === 403 ? undefined : status !== 404;
}

/** Keeps a zip beside the one that the host takes: Flex Consumption itself has no version before. */
export async function keepRelease(
  session: Session,
  site: Site,
  hash: string,
  { zip, functions }: Release,
  allow: readonly number[],
): Promise<Answer> {
  const names = functions.join(",");
  return blob(session, site, hash, "PUT", {
    allow,
    body: zip,
    headers: {
      "content-type": "application/zip",
      "x-ms-blob-type": "BlockBlob",
      ...(names.length > MOST_NAMES ? {} : { "x-ms-meta-functions": names }),
    },
  });
}

/** Reads a release that was kept. */
export async function readRelease(
  session: Session,
  site: Site,
  hash: string,
  allow: readonly number[],
): Promise<Answer> {
  return blob(session, site, hash, "GET", { allow });
}

/** The release in an answer. */
export function toRelease({ bytes, header }: Answer): Release {
  const names = header("x-ms-meta-functions") ?? "";
  return { zip: bytes, functions: names.split(",").filter((name) => name !== "") };
}

/** Lets go of a release that no rollback needs. */
export async function dropRelease(session: Session, site: Site, hash: string): Promise<void> {
  await blob(session, site, hash, "DELETE", { allow: [404] });
}

async function blob(
  { ask }: Session,
  { container }: Site,
  hash: string,
  method: "HEAD" | "PUT" | "GET" | "DELETE",
  { headers, ...rest }: Pick<Parameters<Session["ask"]>[0], "allow" | "body" | "headers">,
): Promise<Answer> {
  return ask({
    method,
    url: `${container}/anyfn-releases/${hash}.zip`,
    scope: SCOPE,
    headers: { ...headers, "x-ms-version": VERSION, "x-ms-date": new Date().toUTCString() },
    ...rest,
  });
}
