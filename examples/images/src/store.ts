import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder in the place of a bucket, so that the example needs no account anywhere. */
function fileOf(bucket: string, key: string): string {
  return join(process.env.IMAGES_DIR ?? join(tmpdir(), "anyfn-images"), bucket, encodeURIComponent(key));
}

/** Stores an object. */
export async function putObject(bucket: string, key: string, bytes: Uint8Array): Promise<void> {
  const file = fileOf(bucket, key);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, bytes);
}

/** The object's bytes, or undefined when there is none. */
export async function getObject(bucket: string, key: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(fileOf(bucket, key)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
