import { defineFunction, http } from "@anyfn/core";
import { createServer, nodeRequest } from "@anyfn/node";

const hello = defineFunction({
  trigger: http.get("/hello/{name}"),
  handler: ({ params }, ctx) => ({ hello: params.name, path: nodeRequest(ctx)?.url }),
});

export const server = createServer({ hello }, { bodyLimit: 1024 * 1024 });
export const { port } = await server.listen(0); // any free port; 8080 by default
