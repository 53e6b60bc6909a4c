import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A real payload of the corpus, which lives outside this repository. */
export interface Fixture {
  /** Such as `aws/sqs/batch-of-ten.json`. */
  readonly path: string;
  /** The path without provider and ending: `sqs/batch-of-ten`. */
  readonly name: string;
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
  const entries = JSON.parse(readFileSync(manifest, "utf8")) as Omit<Fixture, "name" | "load">[];
  return entries
    .filter((entry) => entry.provider === provider)
    .map((entry) => ({
      ...entry,
      name: entry.path.slice(provider.length + 1, -".json".length),
      load: () => JSON.parse(readFileSync(join(ROOT, entry.path), "utf8")) as unknown,
    }));
}

/** The payload of a name. @throws Error when the corpus has none. */
export function fixtureNamed(fixtures: readonly Fixture[], name: string): Fixture {
  const fixture = fixtures.find((candidate) => candidate.name === name);
  if (fixture === undefined) throw new Error(`The corpus has no ${name}.`);
  return fixture;
}
