import { defineHandler } from "nitro/h3";
import { invert } from "../../../cases/app.ts";

export default defineHandler(async (event) => {
  event.res.headers.set("content-type", "image/png");
  return invert(new Uint8Array(await event.req.arrayBuffer()));
});
