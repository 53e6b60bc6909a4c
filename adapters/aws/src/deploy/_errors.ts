import { AnyfnError } from "@anyfn/core";

/** The one error of a deployment: the message says what happened and what to do. */
export function deployError(message: string, cause?: unknown): AnyfnError {
  return new AnyfnError("deploy", message, { provider: "aws", cause });
}

/** Whether an error has one of these names, as the services give them. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** Gives undefined in place of the error that says that something is not there. */
export async function ifThere<T>(promise: Promise<T>, ...names: readonly string[]): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isNamed(error, ...names)) return undefined;
    throw error;
  }
}

/** What a user can do about it, by the error's name. */
const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: "Log in: aws sso login, aws configure, or AWS_ACCESS_KEY_ID and its companions.",
  ExpiredToken: "Log in again: what you logged in with has expired.",
  ExpiredTokenException: "Log in again: what you logged in with has expired.",
  InvalidClientTokenId: "Check the credentials: AWS does not know them.",
  UnrecognizedClientException: "Check the credentials: AWS does not know them.",
  SignatureDoesNotMatch: "Check the credentials: the secret does not belong to the access key.",
  AccessDenied: "Give the user or role that deploys the right named above.",
  AccessDeniedException: "Give the user or role that deploys the right named above.",
  UnauthorizedOperation: "Give the user or role that deploys the right named above.",
  PreconditionFailedException:
    "Another deployment is going on. Wait for it, then run the same command again.",
};

const NETWORK = "Check the network, and AWS_ENDPOINT_URL if it is set.";

/** What a user can do about it where no service has answered, by the error's code. */
const NETWORK_CODES = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT"];

/** A service's own words, and what to do about them. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AnyfnError || error.name === "AbortError") return error;
  if (/region is missing/i.test(error.message)) {
    return deployError("No region is set. Set AWS_REGION, or a region in the profile.", error);
  }
  const { code = "" } = error as NodeJS.ErrnoException;
  const advice = ADVICE[error.name] ?? (NETWORK_CODES.includes(code) ? NETWORK : undefined);
  // What follows the first line may repeat the request's headers.
  const [words = ""] = error.message.split("\n");
  const said = words === "" || words === error.name ? error.name : `${error.name}: ${words}`;
  if (advice === undefined && !("$metadata" in error)) return error;
  return deployError(advice === undefined ? said : `${said.replace(/\.?$/, ".")} ${advice}`, error);
}

/** Runs something, and explains what it throws. */
export async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explain(error);
  }
}
