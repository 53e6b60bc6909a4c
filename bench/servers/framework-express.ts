import { http } from "@google-cloud/functions-framework";
import { expressApp } from "../cases/express-app.ts";

http("bench", expressApp(process.env.BENCH_WORK === "post" ? "post" : "get"));
