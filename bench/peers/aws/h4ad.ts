import { ServerlessAdapter } from "@h4ad/serverless-adapter";
import { AlbAdapter, ApiGatewayV1Adapter, ApiGatewayV2Adapter } from "@h4ad/serverless-adapter/adapters/aws";
import { ExpressFramework } from "@h4ad/serverless-adapter/frameworks/express";
import { DefaultHandler } from "@h4ad/serverless-adapter/handlers/default";
import { PromiseResolver } from "@h4ad/serverless-adapter/resolvers/promise";
import { expressApp } from "../../cases/express-app.ts";
import type { Front, Handler, Kind, Peer } from "../../cases/peer.ts";

/** Express through @h4ad/serverless-adapter, with the adapter of the one front. */
export const peer: Peer = {
  get: (front) => make("get", front),
  post: (front) => make("post", front),
  binary: (front) => make("binary", front),
};

function make(kind: Exclude<Kind, "queue">, front: Front): Handler {
  const adapters = { v2: ApiGatewayV2Adapter, v1: ApiGatewayV1Adapter, alb: AlbAdapter };
  return ServerlessAdapter.new(expressApp(kind))
    .setFramework(new ExpressFramework())
    .setHandler(new DefaultHandler())
    .setResolver(new PromiseResolver())
    .setBinarySettings({ contentEncodings: ["gzip"], contentTypes: ["image/png"] })
    .addAdapter(new adapters[front as keyof typeof adapters]())
    .build() as Handler;
}
