import { defineHandler, getRouterParam } from "nitro/h3";
import { Order, placeOrder } from "../../../../../../cases/app.ts";

export default defineHandler(async (event) => {
  const order = Order.parse(await event.req.json());
  event.res.status = 201;
  return placeOrder(getRouterParam(event, "shop"), order);
});
