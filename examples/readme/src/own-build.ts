// #region own-build
import { toLambda } from "@anyfn/aws";
import { toCloudFunction } from "@anyfn/gcp";
import { createServer } from "@anyfn/node";
import * as functions from "./functions.ts";

export const handler = toLambda(functions.placeOrder); // AWS Lambda
export const placeOrder = toCloudFunction(functions.placeOrder); // Google Cloud
export const server = createServer(functions); // a container, Cloud Run, Knative
// #endregion own-build
