export {
  fromLambdaResult,
  type GatewayEvents,
  type GatewayKind,
  type GatewayOptions,
  lambdaFront,
  toGatewayEvent,
} from "./api-gateway.ts";
export type {
  LambdaError,
  LambdaFailure,
  LambdaPayload,
  LambdaPrelude,
  LambdaResult,
  LambdaStream,
} from "./aws/results.ts";
export { LambdaInitError, type LambdaInvocation } from "./aws/runtime-api.ts";
export { type LambdaHost, type LambdaOptions, startLambda } from "./aws.ts";
export type {
  AzureBinding,
  AzureFunction,
  AzureInvocation,
  AzureLog,
  AzureResult,
  RpcTypedData,
} from "./azure/rpc.ts";
export { type AzureHost, type AzureOptions, startAzure } from "./azure.ts";
export { azureFront, fromHttpResult, matchRoute, toHttpTrigger } from "./azure-http.ts";
export { type FunctionsFrameworkOptions, startFunctionsFramework } from "./gcp.ts";
export type {
  Exit,
  Front,
  HeaderLine,
  Host,
  HttpHost,
  PlainRequest,
  PlainResponse,
  TimedChunk,
  TimedResponse,
} from "./host.ts";
export { headerValues, splitUrl } from "./http.ts";
export { type NodeServerOptions, startNodeServer } from "./node-server.ts";
