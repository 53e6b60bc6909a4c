import type { StorageAction, StorageTrigger } from "@anyfn/core";
import { permission } from "./infrastructure-function.ts";
import { idOf, type Parameter, type Parts, ref, sub, type Value } from "./infrastructure-template.ts";
import { type App, isCreated, type Unit, type Wiring } from "./infrastructure-units.ts";

/** A bucket's name, and what describes the bucket. */
export interface Bucket {
  readonly bucket: Value;
  readonly parts: Parts;
}

/** A bucket that the infrastructure creates, or the parameter that names it. */
export function bucketOf(name: string, app: App): Bucket {
  const consumers = app.units.filter(
    ({ definition }) =>
      definition.trigger.kind === "storage" && (definition.trigger as StorageTrigger).name === name,
  );
  const notified = consumers.filter(({ source }) => source === "s3");
  const id = `${idOf(name)}Bucket`;
  const parameter = `${id}Name`;
  const isNamed = !isCreated(app.settings, name) || notified.length > 0;
  const Parameters = isNamed ? { [parameter]: nameOf(name, isCreated(app.settings, name)) } : {};
  if (!isCreated(app.settings, name)) return { bucket: ref(parameter), parts: { Parameters } };
  const hasEvents = consumers.some(({ source }) => source === "eventbridge");
  return {
    bucket: isNamed ? ref(parameter) : ref(id),
    parts: {
      Parameters,
      Resources: {
        [id]: {
          Type: "AWS::S3::Bucket",
          // S3 tries the permissions when it is told of a function.
          DependsOn: notified.map((unit) => `${unit.id}Permission`),
          DeletionPolicy: "Retain",
          UpdateReplacePolicy: "Retain",
          Properties: {
            BucketName: isNamed ? ref(parameter) : undefined,
            NotificationConfiguration: {
              EventBridgeConfiguration: hasEvents ? { EventBridgeEnabled: true } : undefined,
              LambdaConfigurations: notified.length > 0 ? notified.flatMap(notificationsOf) : undefined,
            },
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: true,
              BlockPublicPolicy: true,
              IgnorePublicAcls: true,
              RestrictPublicBuckets: true,
            },
          },
        },
      },
      Outputs: { [`${id}`]: { Description: `The bucket "${name}"`, Value: ref(id) } },
    },
  };
}

/** A bucket that tells the function itself. It has a given name: with a reference, bucket and permission would wait for each other. */
export function notificationWiring(unit: Unit, app: App): Wiring {
  const { name } = unit.definition.trigger as StorageTrigger;
  const { parts } = bucketOf(name, app);
  const arn = sub(`arn:\${AWS::Partition}:s3:::\${${idOf(name)}BucketName}`);
  return {
    ...parts,
    asynchronous: true,
    deadLetters: true,
    Resources: {
      ...parts.Resources,
      // The ARN of a bucket does not say whose it is.
      [`${unit.id}Permission`]: permission(unit, "s3.amazonaws.com", arn, ref("AWS::AccountId")),
    },
  };
}

const EVENTS: Readonly<Record<StorageAction, readonly string[]>> = {
  created: ["s3:ObjectCreated:*"],
  deleted: ["s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"],
  archived: ["s3:LifecycleTransition", "s3:IntelligentTiering"],
  metadata: ["s3:ObjectTagging:*", "s3:ObjectAcl:Put"],
};

function notificationsOf(unit: Unit): Value[] {
  const { on, prefix, suffix } = unit.definition.trigger as StorageTrigger;
  const rules = Object.entries({ prefix, suffix })
    .filter(([, value]) => value !== "")
    .map(([Name, value]) => ({ Name, Value: value }));
  const Filter = rules.length === 0 ? undefined : { S3Key: { Rules: rules } };
  return on.flatMap((action) => EVENTS[action]).map((Event) => ({ Event, Filter, Function: unit.alias }));
}

function nameOf(name: string, isNew: boolean): Parameter {
  const more = isNew ? "a new, globally unique one" : "its events go to EventBridge";
  return {
    Type: "String",
    Description: `Name of the bucket "${name}": ${more}`,
    AllowedPattern: "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
  };
}
