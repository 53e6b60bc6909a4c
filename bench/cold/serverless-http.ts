import serverless from "serverless-http";
import { app } from "./_express.ts";

export const handler: unknown = serverless(app);
