import { register } from "@anyfn/azure";
import { defineFunction, http, queue } from "@anyfn/core";
import { app } from "@azure/functions";

const functions = {
  getOrder: defineFunction({
    trigger: http.get("/orders/{id}"),
    handler: ({ params }) => ({ id: params.id }),
  }),
  fulfil: defineFunction({
    trigger: queue("orders"),
    handler: ({ id, data }, { log }) => log.info("shipping", { id, data }),
  }),
};

register(app, functions, { queues: { orders: { source: "service-bus", connection: "Orders" } } });
