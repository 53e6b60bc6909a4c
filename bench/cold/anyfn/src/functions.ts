import { defineFunction, http } from "@anyfn/core";

export const hello = defineFunction({
  trigger: http.get("/hello/{name}"),
  handler: ({ params }) => ({ hello: params.name }),
});
