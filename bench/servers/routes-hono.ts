import { serve } from "@hono/node-server";
import { Hono } from "hono";

const app = new Hono();
for (let index = 0; index < Number(process.env.BENCH_ROUTES); index++) {
  app.get(`/api/things${index}/:id`, (c) => c.json({ index, id: c.req.param("id") }));
}
serve({ fetch: app.fetch, port: 0 });
