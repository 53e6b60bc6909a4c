import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A note of one user. */
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Notes as files, a folder for each user, so that the example needs no account anywhere. */
function folderOf(user: string): string {
  return join(process.env.NOTES_DIR ?? join(tmpdir(), "anyfn-notes"), encodeURIComponent(user));
}

function fileOf(user: string, id: string): string {
  return join(folderOf(user), `${encodeURIComponent(id)}.json`);
}

/** Creates or replaces a note. */
export async function saveNote(user: string, note: Note): Promise<void> {
  await mkdir(folderOf(user), { recursive: true });
  await writeFile(fileOf(user, note.id), JSON.stringify(note));
}

/** The note, or undefined when the user has none of this id. */
export async function findNote(user: string, id: string): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(user, id), "utf8")) as Note;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The user's notes, by id. */
export async function listNotes(user: string): Promise<Note[]> {
  await mkdir(folderOf(user), { recursive: true });
  const files = (await readdir(folderOf(user))).sort();
  const notes = await Promise.all(
    files.map((file) => findNote(user, decodeURIComponent(file.replace(/\.json$/, "")))),
  );
  return notes.filter((note) => note !== undefined);
}

/** Removes a note; whether there was one. */
export async function removeNote(user: string, id: string): Promise<boolean> {
  const found = (await findNote(user, id)) !== undefined;
  await rm(fileOf(user, id), { force: true });
  return found;
}
