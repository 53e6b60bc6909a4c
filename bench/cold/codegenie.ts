import { configure } from "@codegenie/serverless-express";
import { app } from "./_express.ts";

export const handler: unknown = configure({ app });
