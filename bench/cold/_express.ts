import express, { type Express } from "express";

/** The application of those who bring an application to Lambda. */
export const app: Express = express();
app.disable("etag").disable("x-powered-by");
app.get("/hello/:name", (request, response) => void response.json({ hello: request.params.name }));
