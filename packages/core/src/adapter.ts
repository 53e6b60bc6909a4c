/** What adapters, the build and the test harnesses are made of. Users' functions import the package's root. */

export { bareObject } from "./bare.ts";
export {
  decodePercent,
  decodeText,
  decodeTextStrictly,
  encodeText,
  fromBase64,
  isBase64,
  joinBytes,
  toBase64,
  withoutMark,
} from "./bytes.ts";
export type {
  Adapter,
  Capabilities,
  ScheduleCapabilities,
  SourceCapabilities,
  TriggerCapabilities,
} from "./capabilities.ts";
export {
  type CloudEventHttp,
  type CloudEventMode,
  cloudEventMode,
  readCloudEvent,
  readCloudEvents,
  readEachCloudEvent,
} from "./cloudevent.ts";
export { type ContextInit, createContext, type InvocationContext, isRequestId } from "./context.ts";
export { type Cron, type CronRange, cronValues, parseCron, writeCron } from "./cron.ts";
export { isFunctionDefinition, NAME } from "./define.ts";
export { toError, unknownPayload } from "./errors.ts";
export { type CompiledDirect, compileDirect } from "./events/direct.ts";
export type { GroupOf } from "./events/groups.ts";
export { type Failure, failureOf, firstFailure, type Outcome } from "./events/outcome.ts";
export {
  createMessage,
  createRecord,
  createTopicMessage,
  type MessageInit,
  type PayloadSource,
  type RecordInit,
} from "./events/payload.ts";
export {
  type Prepare,
  prepareBus,
  prepareChange,
  prepareNothing,
  preparePayload,
  prepareStorage,
} from "./events/prepare.ts";
export { type CompiledEvents, compileEvents } from "./events/run.ts";
export { type HttpSource, LazyHttpEvent } from "./http/event.ts";
export {
  escapeDecodedPath,
  matchPath,
  type PathMatch,
  parseTemplate,
  stripBasePath,
  type Template,
  toBasePath,
} from "./http/path.ts";
export { collect, openPieces, type Pieces, type StreamBody } from "./http/pieces.ts";
export { answerError, failureReply, problem, statusTitle } from "./http/problem.ts";
export { encodeQuery } from "./http/query.ts";
export { discard, isStreaming } from "./http/reply.ts";
export { acceptsMethod, type CompiledHttp, compileHttp } from "./http/run.ts";
export { type ServerResponse, sendStream } from "./http/send.ts";
export { type LogSink, toLogLine } from "./log.ts";
export { kebabCase, type NamedFunction, nameFunctions } from "./names.ts";
export { isPromise } from "./schema.ts";
export { makeTrace, parseTraceparent } from "./trace.ts";
