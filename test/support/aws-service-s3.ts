import { type AwsRequest, REGION, type ServiceStub } from "./aws-service.ts";
import type { ServerAnswer } from "./recording-server.ts";

/** A bucket's documents by what they are: `tagging`, `notification`, `publicAccessBlock`; and `object`, if it has one. */
export type StubBucket = Map<string, string>;

/** The stand-in of S3, and its buckets by name. */
export interface S3Stub extends ServiceStub {
  readonly buckets: Map<string, StubBucket>;
}

/** What S3 says where a bucket has no such document. */
const MISSING: Readonly<Record<string, string>> = {
  tagging: "NoSuchTagSet",
  publicAccessBlock: "NoSuchPublicAccessBlockConfiguration",
};

/** Starts empty. */
export function createS3Stub(): S3Stub {
  const buckets = new Map<string, StubBucket>();
  return {
    name: "s3",
    buckets,
    answer: (request) => (request.path === "/" ? list(buckets, request) : answer(buckets, request)),
  };
}

function list(buckets: S3Stub["buckets"], { query }: AwsRequest): ServerAnswer {
  const names = [...buckets.keys()].filter((name) => name.startsWith(query.get("prefix") ?? "")).sort();
  const from = Number(query.get("continuation-token") ?? 0);
  const page = names.slice(from, from + 1).map((name) => `<Bucket><Name>${name}</Name></Bucket>`);
  const next = from + 1 < names.length ? `<ContinuationToken>${from + 1}</ContinuationToken>` : "";
  return {
    body: `<ListAllMyBucketsResult><Buckets>${page.join("")}</Buckets>${next}</ListAllMyBucketsResult>`,
  };
}

function answer(buckets: S3Stub["buckets"], { method, path, query, body }: AwsRequest): ServerAnswer {
  const name = path.split("/")[1] ?? "";
  const bucket = buckets.get(name);
  if (query.has("versions")) {
    const version = bucket?.has("object") ? "<Version><Key>object</Key></Version>" : "";
    return bucket === undefined
      ? error(404, "NoSuchBucket")
      : { body: `<ListVersionsResult>${version}</ListVersionsResult>` };
  }
  const part = ["tagging", "notification", "publicAccessBlock"].find((one) => query.has(one));
  if (method === "PUT" && part === undefined) return create(buckets, name, body);
  if (bucket === undefined) return error(404, "NoSuchBucket");
  if (part === undefined) {
    buckets.delete(name);
    return { status: 204 };
  }
  if (method === "GET") return document(part, bucket.get(part));
  if (method === "DELETE") bucket.delete(part);
  else bucket.set(part, body);
  return { status: method === "DELETE" ? 204 : 200 };
}

function create(buckets: S3Stub["buckets"], name: string, body: string): ServerAnswer {
  if (buckets.has(name)) return error(409, "BucketAlreadyOwnedByYou");
  if (!body.includes(`<LocationConstraint>${REGION}</LocationConstraint>`)) {
    return error(400, "IllegalLocationConstraintException");
  }
  const tags = /<Tags>(.*)<\/Tags>/.exec(body)?.[1];
  const tagging = `<Tagging><TagSet>${tags}</TagSet></Tagging>`;
  buckets.set(name, new Map(tags === undefined ? [] : [["tagging", tagging]]));
  return {};
}

/** As it was put, except that S3 gives notifications in an order, and rules in a case, of its own. */
function document(part: string, text: string | undefined): ServerAnswer {
  if (part !== "notification") return text === undefined ? error(404, MISSING[part] ?? "") : { body: text };
  const functions = /<CloudFunctionConfiguration>.*?<\/CloudFunctionConfiguration>/g;
  const [own = [], rest = ""] = [text?.match(functions)?.toReversed(), text?.replace(functions, "")];
  const turned = rest.replace("</NotificationConfiguration>", `${own.join("")}</NotificationConfiguration>`);
  const cased = turned.replace(/<Name>(p|s)/g, (_, letter: string) => `<Name>${letter.toUpperCase()}`);
  return { body: cased === "" ? "<NotificationConfiguration/>" : cased };
}

function error(status: number, code: string): ServerAnswer {
  return {
    status,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is a case of ${code}.</Message></Error>`,
  };
}
