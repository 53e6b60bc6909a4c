import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A real payload of the corpus, which lives outside this repository. */
export interface Fixture {
  /** Such as `aws/sqs/batch-of-ten.json`. */
  readonly path: string;
  readonly provider: string;
  /** The corpus's name of the trigger, such as `apigw-http-v2`. */
  readonly trigger: string;
  readonly notes: string;
  /** The parsed payload, a fresh copy on each call. */
  readonly load: () => unknown;
}

const ROOT = resolve(process.env.ANYFN_FIXTURES ?? "../shared/fixtures");

/** The corpus's payloads of one provider, or undefined, said aloud, where the corpus is not there. */
export function readFixtures(provider: string): readonly Fixture[] | undefined {
  const manifest = join(ROOT, "MANIFEST.json");
  if (!existsSync(manifest)) {
    console.warn(
      `The payload corpus is not at ${ROOT}: its tests of ${provider} do not run. Set ANYFN_FIXTURES to its folder.`,
    );
    return undefined;
  }
  const entries = JSON.parse(readFileSync(manifest, "utf8")) as Omit<Fixture, "load">[];
  return entries
    .filter((entry) => entry.provider === provider)
    .map((entry) => ({
      ...entry,
      load: () => JSON.parse(readFileSync(join(ROOT, entry.path), "utf8")) as unknown,
    }));
}
