import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { usageError } from "./command.ts";
import { parsePair } from "./options.ts";

/** Headers by lower-case name, from `name: value`; repeated ones joined. */
export function parseHeaders(values: readonly string[] = []): Readonly<Record<string, string>> {
  const problem = '--header takes a name and a value: "accept: text/html"';
  const headers = new Map<string, string>();
  for (const [name, value] of values.map((text) => parsePair(text, ":", problem))) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw usageError(problem);
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    headers.set(key, earlier === undefined ? value.trim() : `${earlier}, ${value.trim()}`);
  }
  return Object.fromEntries(headers);
}

/** What `--data` stands for: a text, a file after `@`, or with `-` what is piped in. */
export async function readData(data: string | undefined): Promise<string | undefined> {
  if (data === "-") return decode(await buffer(process.stdin), "What was piped in");
  if (!data?.startsWith("@")) return data;
  const file = data.slice(1);
  return decode(readFile(file), file);
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(`The file of --data cannot be read: ${file} (${code}). Name one that is there.`);
  }
}

/** Bytes that are no text would arrive as others. */
function decode(bytes: Uint8Array, title: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${title} is no UTF-8 text. Only text can be sent from here.`);
  }
}
