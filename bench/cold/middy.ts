import middy from "@middy/core";
import { handler as hello } from "./floor.ts";

export const handler: unknown = middy().handler(hello as never);
