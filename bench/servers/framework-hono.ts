import { http } from "@google-cloud/functions-framework";
import { getRequestListener } from "@hono/node-server";
import { honoApp } from "../cases/hono-app.ts";

const app = honoApp(process.env.BENCH_WORK === "post" ? "post" : "get");
const listener = getRequestListener((request, { incoming }) => {
  const { rawBody } = incoming as { readonly rawBody?: Buffer };
  // The framework has read the body, so that nothing is left on the stream.
  return app.fetch(rawBody === undefined ? request : new Request(request, { body: new Uint8Array(rawBody) }));
});
http("bench", (request, response) => void listener(request, response));
