import { defineHandler, getQuery, getRouterParams, parseCookies } from "nitro/h3";
import { cookies, showOrder } from "../../../../../../cases/app.ts";

export default defineHandler((event) => {
  const { shop, id = "" } = getRouterParams(event);
  const { page, cart } = getQuery<{ page?: string; cart?: string }>(event);
  const { headers } = event.res;
  headers.set("x-order", id);
  headers.append("set-cookie", cookies.seen);
  if (cart) headers.append("set-cookie", cookies.cart);
  const agent = event.req.headers.get("user-agent");
  return showOrder({ shop, id, page, agent, session: parseCookies(event).session });
});
