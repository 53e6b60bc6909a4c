/** What a Lambda handler is given besides its event. */
export interface Context {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  callbackWaitsForEmptyEventLoop: boolean;
  done(): void;
  fail(): void;
  succeed(): void;
  getRemainingTimeInMillis(): number;
}

/** A Lambda handler of any kind. */
export type Handler = (event: never, context: Context) => unknown;

/** Which front sends the HTTP request; a hand-written handler is written for one. */
export type Front = "v2" | "v1" | "alb" | "azure";

type Make = (front: Front) => Handler | Promise<Handler>;

/** What one makes of the same application, each kind of work alone in its function; undefined where there is no way. */
export interface Peer {
  readonly get?: Make;
  readonly post?: Make;
  readonly binary?: Make;
  readonly queue?: Make;
}

/** The kinds of work. */
export type Kind = keyof Peer;

/** Where a peer runs: the folder of `peers/`. */
export type Platform = "aws" | "azure";
