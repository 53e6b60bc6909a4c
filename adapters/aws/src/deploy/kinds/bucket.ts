import type { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { ifThere, isNamed } from "../_errors.ts";
import { type Aws, cut, type Found, type ResourceKind } from "../kind.ts";
import { sendersOf } from "./_senders.ts";
import { everything, fromTagList, known, ours, prefixOf, toTagList } from "./_service.ts";
import { type Notifications, notificationsOf, notify } from "./bucket-notifications.ts";

/** How much of a name is the stage's and the bucket's own: account and region are the rest of 63 characters. */
const OWN = 34;

/** A bucket, and which functions it tells what happens in it. Nobody but its owner ever empties it. */
export const bucket: ResourceKind = {
  type: "AWS::S3::Bucket",
  label: "bucket",
  immutable: ["BucketName"],
  nameOf: (suggested, { aws, properties }) => known(properties.BucketName) ?? uniqueName(aws, suggested),
  read: ({ aws, name, properties }) => describe(aws, name, properties),
  create: async ({ aws, name: Bucket, properties, tags }) => {
    const s3 = await aws.clients.s3();
    // Where a region is not named, it is this one, and naming it is an error.
    const place =
      aws.region === "us-east-1" ? {} : { LocationConstraint: aws.region as BucketLocationConstraint };
    const Tags = toTagList(tags);
    await s3.createBucket({ Bucket, CreateBucketConfiguration: { ...place, Tags } });
    // Services that are like S3 leave out the tags of a new bucket.
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: Tags } });
    await protect(aws, Bucket, properties);
    await notify(aws, Bucket, properties.NotificationConfiguration as Notifications | undefined);
    return toFound(aws, Bucket, properties);
  },
  update: async ({ aws, name, properties }, _found, changed) => {
    if (changed.includes("PublicAccessBlockConfiguration")) await protect(aws, name, properties);
    if (changed.includes("NotificationConfiguration")) {
      await notify(aws, name, properties.NotificationConfiguration as Notifications | undefined);
    }
    return toFound(aws, name, properties);
  },
  remove: async ({ aws }, { id: Bucket }) => {
    const s3 = await aws.clients.s3();
    await ifThere(s3.deleteBucket({ Bucket }), "NoSuchBucket");
  },
  isEmpty: async (aws, { id: Bucket }) => {
    const s3 = await aws.clients.s3();
    const found = await ifThere(s3.listObjectVersions({ Bucket, MaxKeys: 1 }), "NoSuchBucket");
    return (found?.Versions ?? []).length + (found?.DeleteMarkers ?? []).length === 0;
  },
  list: async (aws) => {
    const s3 = await aws.clients.s3();
    const all = await everything(async (ContinuationToken) => {
      const Prefix = fit(prefixOf(aws)).slice(0, OWN - 9);
      const page = await s3.listBuckets({ Prefix, BucketRegion: aws.region, ContinuationToken });
      return [page.Buckets, page.ContinuationToken];
    });
    const names = all.map(({ Name = "" }) => Name);
    // Those whose names are parameters begin with anything.
    const given = (await sendersOf(aws, "s3.amazonaws.com")).map((arn) => arn.split(":").at(-1) ?? "");
    // A name that is free again may be someone else's by now.
    const find = (name: string) => ifThere(describe(aws, name, {}), "AccessDenied");
    return ours(aws, [...new Set([...names, ...given])], find);
  },
};

/** Names of buckets are in lower case, and the same for all accounts and regions. */
function uniqueName({ account, region }: Aws, suggested: string): string {
  return `${cut(fit(suggested), OWN)}-${account}-${region}`;
}

const fit = (name: string) => name.toLowerCase().replace(/[^a-z0-9-]/g, "-");

async function describe(
  aws: Aws,
  Bucket: string,
  declared: Readonly<Record<string, unknown>>,
): Promise<Found | undefined> {
  const s3 = await aws.clients.s3();
  const TagSet = await s3.getBucketTagging({ Bucket }).then(
    (answer) => answer.TagSet ?? [],
    (error: unknown) => {
      if (isNamed(error, "NoSuchTagSet")) return [];
      if (isNamed(error, "NoSuchBucket")) return undefined;
      throw error;
    },
  );
  if (TagSet === undefined) return undefined;
  const tags = fromTagList(TagSet);
  const NotificationConfiguration = await notificationsOf(
    aws,
    Bucket,
    declared.NotificationConfiguration,
    tags,
  );
  const access = await ifThere(s3.getPublicAccessBlock({ Bucket }), "NoSuchPublicAccessBlockConfiguration");
  const { PublicAccessBlockConfiguration } = access ?? {};
  const { BucketName } = declared;
  const properties = { BucketName, NotificationConfiguration, PublicAccessBlockConfiguration };
  return { ...toFound(aws, Bucket, properties), tags };
}

async function protect(aws: Aws, Bucket: string, properties: Found["properties"]): Promise<void> {
  const s3 = await aws.clients.s3();
  const PublicAccessBlockConfiguration = properties.PublicAccessBlockConfiguration as Protection | undefined;
  if (PublicAccessBlockConfiguration === undefined) await s3.deletePublicAccessBlock({ Bucket });
  else await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration });
}

type Protection = Readonly<Record<string, boolean>>;

function toFound({ partition }: Aws, name: string, properties: Found["properties"]): Found {
  return { id: name, name, properties, attributes: { Ref: name, Arn: `arn:${partition}:s3:::${name}` } };
}
