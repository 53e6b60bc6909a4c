import { createHmac, timingSafeEqual } from "node:crypto";
import { type Context, HttpError, type HttpEvent, type Middleware } from "@anyfn/core";

/** Name of the cookie that holds a session. */
export const COOKIE = "session";

/** The cookie's value for a user: the name and its signature. */
export function sign(user: string, ctx: Context): string {
  return `${user}.${signature(user, ctx)}`;
}

/** The signed-in user. @throws HttpError 401 without a valid session. */
export function userOf(event: Pick<HttpEvent, "cookies">, ctx: Context): string {
  const [, user = "", given = ""] = /^(.+)\.([0-9a-f]{64})$/.exec(event.cookies[COOKIE] ?? "") ?? [];
  const valid = given !== "" && timingSafeEqual(Buffer.from(given), Buffer.from(signature(user, ctx)));
  if (!valid) throw new HttpError(401, "Sign in with POST /session first.");
  return user;
}

/** Refuses requests without a valid session before their input is looked at. */
export const signedIn: Middleware<"http"> = (event, ctx, next) => {
  userOf(event, ctx);
  return next();
};

function signature(user: string, ctx: Context): string {
  const secret = ctx.env.SESSION_SECRET;
  if (secret === undefined || secret === "") throw new Error("Set SESSION_SECRET to a long random text.");
  return createHmac("sha256", secret).update(user).digest("hex");
}
