import { lambdaEvent, toLambda } from "@anyfn/aws";
import { defineFunction, queue } from "@anyfn/core";

const fulfil = defineFunction({
  trigger: queue("orders"),
  handler: (message, ctx) => {
    ctx.log.info("fulfilling", { id: message.id, queue: lambdaEvent(message, ctx)?.eventSourceARN });
  },
});

export const handler = toLambda(fulfil);
