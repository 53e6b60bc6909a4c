import { toCloudFunction } from "@anyfn/gcp";
import { http } from "@google-cloud/functions-framework";
import { functions } from "../cases/functions.ts";

/** One function a deployment, as on Google Cloud; the other work gets the other one. */
http("bench", toCloudFunction(process.env.BENCH_WORK === "post" ? functions.postOrder : functions.getOrder));
