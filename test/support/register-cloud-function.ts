import { defineFunction, queue } from "@anyfn/core";
import { toCloudFunction } from "@anyfn/gcp";
import * as functions from "@google-cloud/functions-framework";

const fulfil = defineFunction({
  trigger: queue("orders"),
  handler: ({ id, data }, { log }) => log.info("shipping", { id, data }),
});

functions.http("fulfil", toCloudFunction(fulfil, { ownServer: true }));
