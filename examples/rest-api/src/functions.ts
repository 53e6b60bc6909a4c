import { createHash } from "node:crypto";
import { type CorsOptions, defineFunction, HttpError, http, reply } from "@anyfn/core";
import { z } from "zod";
import { COOKIE, sign, signedIn, userOf } from "./session.ts";
import { findNote, listNotes, removeNote, saveNote } from "./store.ts";

const Note = z.object({ title: z.string().min(1).max(80), text: z.string().max(10_000).default("") });
const cors: CorsOptions = { origins: ["https://notes.example"], credentials: true, maxAge: 600 };

/** Signs a user in: two cookies, one of them for scripts to read. */
export const signIn = defineFunction({
  trigger: http.post("/session", { body: z.object({ user: z.string().regex(/^[a-z]{2,20}$/) }), cors }),
  handler: ({ body }, ctx) =>
    reply(undefined, {
      cookies: [
        {
          name: COOKIE,
          value: sign(body.user, ctx),
          httpOnly: true,
          secure: true,
          sameSite: "Lax",
          path: "/",
          maxAge: 3600,
        },
        { name: "user", value: body.user, secure: true, path: "/" },
      ],
    }),
});

/** Signs out. */
export const signOut = defineFunction({
  trigger: http.delete("/session", { cors }),
  handler: () => reply(undefined, { cookies: [{ name: COOKIE, value: "", path: "/", maxAge: 0 }] }),
});

export const browseNotes = defineFunction({
  trigger: http.get("/notes", { cors }),
  use: [signedIn],
  handler: async (event, ctx) => ({ notes: await listNotes(userOf(event, ctx)) }),
});

export const createNote = defineFunction({
  trigger: http.post("/notes", { body: Note, cors }),
  use: [signedIn],
  handler: async (event, ctx) => {
    const user = userOf(event, ctx);
    const id = createHash("sha256").update(`${user}/${event.body.title}`).digest("hex").slice(0, 16);
    if (await findNote(user, id)) throw new HttpError(409, `There is a note "${event.body.title}" already.`);
    const note = { id, ...event.body };
    await saveNote(user, note);
    return reply(note, { status: 201, headers: { location: `/notes/${id}` } });
  },
});

export const readNote = defineFunction({
  trigger: http.get("/notes/{id}", { cors }),
  use: [signedIn],
  handler: async (event, ctx) =>
    (await findNote(userOf(event, ctx), event.params.id)) ?? missing(event.params.id),
});

export const replaceNote = defineFunction({
  trigger: http.put("/notes/{id}", { body: Note, cors }),
  use: [signedIn],
  handler: async (event, ctx) => {
    const user = userOf(event, ctx);
    if ((await findNote(user, event.params.id)) === undefined) missing(event.params.id);
    const note = { id: event.params.id, ...event.body };
    await saveNote(user, note);
    return note;
  },
});

export const deleteNote = defineFunction({
  trigger: http.delete("/notes/{id}", { cors }),
  use: [signedIn],
  handler: async (event, ctx) => {
    const removed = await removeNote(userOf(event, ctx), event.params.id);
    if (!removed) missing(event.params.id);
  },
});

function missing(id: string): never {
  throw new HttpError(404, `There is no note "${id}".`);
}
