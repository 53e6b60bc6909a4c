export type { Context } from "./context.ts";
export {
  type AnyFunction,
  defineFunction,
  type FunctionDefinition,
  type FunctionOptions,
  type Handler,
} from "./define.ts";
export {
  AnyfnError,
  DeadLetter,
  type ErrorCode,
  type ErrorPlace,
  HttpError,
  type HttpErrorOptions,
  Retry,
  type RetryOptions,
} from "./errors.ts";
export { type ReplyHeaders, type ReplyOptions, reply } from "./http/reply.ts";
export type { LogFields, Logger, LogLevel } from "./log.ts";
export type { Middleware, MiddlewareEvents, MiddlewareResults } from "./middleware.ts";
export type { Schema, SchemaInput, SchemaIssue, SchemaOutput, SchemaResult } from "./schema.ts";
export type { Trace } from "./trace.ts";
export type { EventOf, ResultOf, Trigger, TriggerKind } from "./trigger.ts";
export { type BusEvent, type BusOptions, type BusTrigger, bus } from "./triggers/bus.ts";
export {
  type ChangeAction,
  type ChangeEvent,
  type ChangesOptions,
  type ChangesTrigger,
  changes,
} from "./triggers/changes.ts";
export { type DirectEvent, type DirectOptions, type DirectTrigger, direct } from "./triggers/direct.ts";
export {
  type Cookie,
  type CorsOptions,
  type Http,
  type HttpBody,
  type HttpEvent,
  type HttpMethod,
  type HttpOptions,
  type HttpReply,
  type HttpTrigger,
  http,
  type PathParams,
} from "./triggers/http.ts";
export {
  type AttributeValue,
  type BatchOptions,
  type BatchOutcome,
  type BatchResult,
  type Message,
  type Payload,
  type QueueOptions,
  type QueueTrigger,
  queue,
} from "./triggers/queue.ts";
export {
  type ScheduleEvent,
  type ScheduleOptions,
  type ScheduleTrigger,
  schedule,
} from "./triggers/schedule.ts";
export {
  type StorageAction,
  type StorageEvent,
  type StorageOptions,
  type StorageTrigger,
  storage,
} from "./triggers/storage.ts";
export { type StreamOptions, type StreamRecord, type StreamTrigger, stream } from "./triggers/stream.ts";
export { type TopicMessage, type TopicOptions, type TopicTrigger, topic } from "./triggers/topic.ts";
