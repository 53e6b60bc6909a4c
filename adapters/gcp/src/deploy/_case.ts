import { isRecord, type Json } from "./_answer.ts";

/** Terraform's names in the API's spelling, in any depth; environment variables keep theirs. */
export function camelCase(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      name === "environment_variables" ? member : inside(member),
    ]),
  );
}

/** `serviceConfig.availableMemory` as a field mask of the official client. */
export function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function inside(member: unknown): unknown {
  if (Array.isArray(member)) return member.map(inside);
  return isRecord(member) ? camelCase(member) : member;
}
