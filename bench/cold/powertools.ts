import { Router } from "@aws-lambda-powertools/event-handler/http";

const app = new Router();
app.get("/hello/:name", ({ params }) => ({ hello: params.name ?? "" }));

export const handler = (event: unknown, context: never): unknown => app.resolve(event, context);
