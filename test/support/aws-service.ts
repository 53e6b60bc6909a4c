import {
  type RecordedRequest,
  type RecordingServer,
  type ServerAnswer,
  startRecordingServer,
} from "./recording-server.ts";

/** The account and region of the stand-in. */
export const ACCOUNT = "123456789012";
export const REGION = "eu-central-1";

/** What the tests log in with; nothing else is let in. */
export const CREDENTIALS: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: "AKIAANYFNTEST",
  AWS_SECRET_ACCESS_KEY: "secret-of-the-tests",
};

/** A request to one service, read. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What is asked for by name; for REST services method and path. */
  readonly operation: string;
  /** The body as JSON; `{}` where it is none. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The body as a form, in which query services have their arguments. */
  readonly form: URLSearchParams;
  readonly body: string;
  readonly headers: RecordedRequest["headers"];
}

/** A stand-in of one service, with a state of its own. */
export interface ServiceStub {
  /** As requests are signed for it: `lambda`, `iam`, `logs`, `apigateway`. */
  readonly name: string;
  answer(request: AwsRequest): ServerAnswer;
}

/** The stand-in of AWS. */
export interface AwsServer extends RecordingServer {
  /** What was asked for: `iam CreateRole`, `lambda POST /2015-03-31/functions`. */
  readonly operations: () => readonly string[];
  /** Those that change something. */
  readonly writes: () => readonly string[];
}

/**
 * Starts a server that answers for some services, and refuses what is not signed with the tests' credentials. Of the other
 * services nothing is there.
 */
export async function startAwsServer(services: readonly ServiceStub[]): Promise<AwsServer> {
  const all = [sts, ...services];
  const server = await startRecordingServer((recorded) => {
    const { service, key } = signatureOf(recorded);
    const said = "The security token included in the request is invalid.";
    if (key !== CREDENTIALS.AWS_ACCESS_KEY_ID) return xmlError(403, "InvalidClientTokenId", said);
    const request = read(recorded);
    return all.find(({ name }) => name === service)?.answer(request) ?? nothing(service, request);
  });
  const operations = () =>
    server.requests.map((request) => `${signatureOf(request).service} ${read(request).operation}`);
  return {
    ...server,
    operations,
    writes: () => operations().filter((operation) => !READS.test(operation.replace(/^\S+ /, ""))),
  };
}

/** An error as REST and JSON services give it. */
export function jsonError(status: number, name: string, message: string): ServerAnswer {
  return { status, headers: { "x-amzn-errortype": name }, body: { __type: name, message, Message: message } };
}

/** An answer as query services give it. */
export function xml(operation: string, result: string): ServerAnswer {
  const body = `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
  return { headers: { "content-type": "text/xml" }, body };
}

/** An error as query services give it. */
export function xmlError(status: number, name: string, message: string): ServerAnswer {
  const error = `<Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "text/xml" }, body: `<ErrorResponse>${error}</ErrorResponse>` };
}

/** Ids that are others each time, and the same in each run. */
export function createIds(): (prefix: string) => string {
  let count = 0;
  return (prefix) => `${prefix}${String(++count).padStart(4, "0")}`;
}

const sts: ServiceStub = {
  name: "sts",
  answer: ({ operation }) =>
    xml(
      operation,
      `<Arn>arn:aws:iam::${ACCOUNT}:user/tests</Arn><UserId>AIDATESTS</UserId><Account>${ACCOUNT}</Account>`,
    ),
};

const READS = /^(?:GET|HEAD|Get|List|Describe)/;

/** What a service says in which nothing is. */
function nothing(service: string, { operation }: AwsRequest): ServerAnswer {
  if (!READS.test(operation)) return jsonError(501, "NotImplemented", `There is no stand-in of ${service}.`);
  if (service === "s3") return { body: "<ListAllMyBucketsResult/>" };
  return service === "sns" || service === "iam" ? xml(operation, "") : { body: {} };
}

function signatureOf({ headers }: RecordedRequest): { readonly service: string; readonly key: string } {
  const [, key = "", service = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request, SignedHeaders=.+, Signature=[0-9a-f]{64}$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  return { key, service };
}

function read({ method, url, headers, body }: RecordedRequest): AwsRequest {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const text = body.toString();
  const target = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  const isForm = String(headers["content-type"]).startsWith("application/x-www-form-urlencoded");
  const form = new URLSearchParams(isForm ? text : "");
  return {
    method,
    path: decodeURIComponent(pathname),
    query: searchParams,
    operation: target || form.get("Action") || `${method} ${decodeURIComponent(pathname)}`,
    json: text.startsWith("{") ? JSON.parse(text) : {},
    form,
    body: text,
    headers,
  };
}
