import { isRecord } from "./_answer.ts";
import { hasUnknown } from "./template.ts";

/** A member that differs. */
export interface Difference {
  /** `serviceConfig.availableMemory` */
  readonly path: string;
  /** `availableMemory: 256Mi → 512Mi`; values of environment variables are left out. */
  readonly words: string;
}

const VARIABLES = "environmentVariables";
/** Cloud Run functions sets it by itself. */
const OWN_VARIABLE = "LOG_EXECUTION_ID";

/**
 * What differs between what is declared and what was found. Of a declared object its own members count, since services add
 * defaults to what they were given; what is declared as undefined is not to be there.
 */
export function differences(declared: unknown, found: unknown, path = ""): readonly Difference[] {
  if (path.endsWith(VARIABLES)) return variables(declared, found, path);
  if (!isRecord(declared) || !isRecord(found) || Object.keys(declared).length === 0)
    return isSame(declared, found, path) ? [] : [{ path, words: wordsOf(path, found, declared) }];
  return Object.keys(declared).flatMap((name) =>
    differences(declared[name], found[name], path === "" ? name : `${path}.${name}`),
  );
}

/** The members that an update names: those at the top, and below them where a service changes them one by one. */
export function maskOf(paths: readonly string[], deep: readonly string[] = []): readonly string[] {
  const masked = paths.map((path) => {
    const [top = "", next] = path.split(".");
    return next !== undefined && deep.includes(top) ? `${top}.${next}` : top;
  });
  return [...new Set(masked)].sort();
}

/** Whether a difference at a path cannot be changed in place. */
export function isImmutable(path: string, immutable: readonly string[] = []): boolean {
  return immutable.some(
    (fixed) => fixed === path || fixed.startsWith(`${path}.`) || path.startsWith(`${fixed}.`),
  );
}

function isSame(declared: unknown, found: unknown, path: string): boolean {
  if (hasUnknown(declared)) return false;
  if (isEmpty(declared) || isEmpty(found)) return isEmpty(declared) && isEmpty(found);
  if (Array.isArray(declared) && Array.isArray(found)) {
    // Filters come back in another order.
    const [left, right] = [sorted(declared), sorted(found)];
    return (
      left.length === right.length &&
      left.every((item, index) => differences(item, right[index]).length === 0)
    );
  }
  const [now, old] = [plain(declared), plain(found)];
  if (path === "location") return now.toLowerCase() === old.toLowerCase();
  return (
    now === old || (NUMBERED.test(now) !== NUMBERED.test(old) && withoutProject(now) === withoutProject(old))
  );
}

/** What APIs leave out of their answers: nothing, and zero in each of its forms. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  if (value === "" || value === "0s") return true;
  return typeof value === "object" && Object.values(value).length === 0;
}

/** Numbers may come back as text, and addresses with a slash at the end; places of buckets come in capitals. */
function plain(value: unknown): string {
  const text = String(value);
  return /^https?:/.test(text) ? text.replace(/\/$/, "") : text;
}

const NUMBERED = /\bprojects\/\d+\//;

/** Some services give the project's number where they were given its id. */
function withoutProject(path: string): string {
  return path.replace(/\bprojects\/[^/]+\//, "projects/-/");
}

function sorted(items: readonly unknown[]): readonly unknown[] {
  const keyOf = (item: unknown) =>
    isRecord(item) ? ["attribute", "id"].map((name) => String(item[name] ?? "")).join() : String(item);
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Variables that are no longer declared have to go, too. */
function variables(declared: unknown, found: unknown, path: string): readonly Difference[] {
  const after = isRecord(declared) ? declared : {};
  const before = isRecord(found) ? found : {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const words = names.flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (after[name] === undefined) return name === OWN_VARIABLE ? [] : [`-${name}`];
    return before[name] === undefined ? [`+${name}`] : [`${name} changed`];
  });
  return words.length === 0 ? [] : [{ path, words: `environment: ${words.join(", ")}` }];
}

function wordsOf(path: string, before: unknown, after: unknown): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (name === "anyfn-source") return `code: ${shortened(before)} → ${shortened(after)}`;
  if (name === "allTrafficOnLatestRevision") return "traffic: back to the latest revision";
  const [old, now] = [shown(before), shown(after)];
  return old === undefined || now === undefined ? `${name}: changed` : `${name}: ${old} → ${now}`;
}

function shown(value: unknown): string | undefined {
  if (hasUnknown(value)) return "known later";
  if (isEmpty(value)) return "none";
  return typeof value === "object" || String(value).length > 100 ? undefined : String(value);
}

function shortened(hash: unknown): string {
  return typeof hash === "string" ? hash.slice(0, 8) : "unknown";
}
