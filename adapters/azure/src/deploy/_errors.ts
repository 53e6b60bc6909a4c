import { AnyfnError } from "@anyfn/core";

/** The one error of a deployment: the message says what happened and what to do. */
export function deployError(message: string, cause?: unknown): AnyfnError {
  return new AnyfnError("deploy", message, { provider: "azure", cause });
}

/** An error as Azure Resource Manager writes it, with those that led to it. */
export interface ServiceError {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly ServiceError[];
}

/** What a user can do about it, by the error's code. */
const ADVICE: Readonly<Record<string, string>> = {
  AuthorizationFailed:
    "Give whoever deploys that right, or a role that has it, such as Owner of the resource group.",
  LinkedAuthorizationFailed: "Give whoever deploys that right, or a role that has it.",
  AuthorizationPermissionMismatch:
    "Give whoever deploys the role Storage Blob Data Contributor on the app's container of deployments.",
  InvalidAuthenticationToken: "Log in again: az login.",
  ExpiredAuthenticationToken: "Log in again: az login.",
  InvalidAuthenticationTokenTenant: "Log in to the subscription's tenant: az login --tenant <tenant>.",
  SubscriptionNotFound: "Choose a subscription that az account list shows: AZURE_SUBSCRIPTION_ID.",
  InvalidSubscriptionId: "Choose a subscription that az account list shows: AZURE_SUBSCRIPTION_ID.",
  MissingSubscriptionRegistration: "Register it: az provider register --namespace <namespace>.",
  LocationNotAvailableForResourceType: "Choose another region: targets.azure.location, or AZURE_LOCATION.",
};

/** A refused request in the service's own words, and what to do about them. */
export function refusal(what: string, status: number, body: string): AnyfnError {
  const error = parseError(body);
  const words = [...new Set(flatten(error))].join("\n  ") || "no reason was given";
  const advice = adviceOf(error) ?? (status === 401 ? "Log in again: az login." : undefined);
  return deployError(`${what}: HTTP ${status}, ${words}${advice === undefined ? "" : `\n  ${advice}`}`);
}

/** What failed within an operation that was accepted. */
export function operationError(what: string, error: ServiceError | undefined): AnyfnError {
  const words = [...new Set(flatten(error))].join("\n  ") || "no reason was given";
  const advice = adviceOf(error);
  return deployError(`${what}: ${words}${advice === undefined ? "" : `\n  ${advice}`}`);
}

/** The innermost errors say what it was; those around them, that something was. */
function flatten(error: ServiceError | undefined): readonly string[] {
  if (error === undefined) return [];
  const inner = (error.details ?? []).flatMap(flatten);
  if (inner.length > 0) return inner;
  const words = [error.code, error.message].filter((word) => word !== undefined && word !== "");
  return words.length === 0 ? [] : [words.join(": ")];
}

function adviceOf(error: ServiceError | undefined): string | undefined {
  if (error === undefined) return undefined;
  for (const inner of error.details ?? []) {
    const advice = adviceOf(inner);
    if (advice !== undefined) return advice;
  }
  return error.code !== undefined && Object.hasOwn(ADVICE, error.code) ? ADVICE[error.code] : undefined;
}

/** Resource Manager answers in JSON, Storage in XML, and what is in front of them in HTML. */
function parseError(body: string): ServiceError {
  const xml = /<Code>([^<]+)<\/Code>(?:\s*<Message>([^<\n]+))?/.exec(body);
  if (xml !== null) return { code: xml[1] ?? "", message: xml[2] ?? "" };
  try {
    const parsed = JSON.parse(body) as { readonly error?: ServiceError } & ServiceError;
    return parsed.error ?? parsed;
  } catch {
    return { message: body.startsWith("<") ? "" : body.slice(0, 300) };
  }
}
