import { createServer } from "@anyfn/node";
import { functions } from "../cases/functions.ts";

const { getOrder, postOrder } = functions;
await createServer({ getOrder, postOrder }).listen(0);
