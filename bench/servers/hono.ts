import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { honoApp } from "../cases/hono-app.ts";

serve({ fetch: new Hono().route("/", honoApp("get")).route("/", honoApp("post")).fetch, port: 0 });
