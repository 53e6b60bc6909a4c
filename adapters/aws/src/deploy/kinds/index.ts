import type { ResourceKind } from "../kind.ts";
import { bucket } from "./bucket.ts";
import { eventInvokeConfig } from "./event-invoke.ts";
import { eventSourceMapping } from "./event-source-mapping.ts";
import { lambdaFunction } from "./function.ts";
import { httpApi, httpApiStage } from "./http-api.ts";
import { integration, route } from "./http-routes.ts";
import { logGroup, subscriptionFilter } from "./logs.ts";
import { permission } from "./permission.ts";
import { queue, queuePolicy } from "./queue.ts";
import { restApi, restDeployment, restStage } from "./rest-api.ts";
import { restMethod, restResource } from "./rest-methods.ts";
import { role } from "./role.ts";
import { eventBus, rule } from "./rule.ts";
import { schedule } from "./schedule.ts";
import { stream } from "./stream.ts";
import { table } from "./table.ts";
import { subscription, topic } from "./topic.ts";
import { functionUrl } from "./url.ts";

/** All types of resources that the template has. Deletions go through them from the last to the first. */
export const KINDS: readonly ResourceKind[] = [
  logGroup,
  queue,
  topic,
  eventBus,
  table,
  stream,
  role,
  lambdaFunction,
  queuePolicy,
  httpApi,
  httpApiStage,
  integration,
  route,
  restApi,
  restResource,
  restMethod,
  restDeployment,
  restStage,
  functionUrl,
  permission,
  bucket,
  eventInvokeConfig,
  eventSourceMapping,
  rule,
  schedule,
  subscription,
  subscriptionFilter,
];
