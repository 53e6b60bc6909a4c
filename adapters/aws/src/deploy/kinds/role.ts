import { ifThere } from "../_errors.ts";
import { isSame } from "../diff.ts";
import { type Aws, cut, type Found, type ResourceKind } from "../kind.ts";
import { everything, fromTagList, ours, toTagList } from "./_service.ts";

const GONE = "NoSuchEntityException";

interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Version: string; readonly Statement: readonly unknown[] };
}

/** A role with the policies that are part of it. */
export const role: ResourceKind = {
  type: "AWS::IAM::Role",
  label: "role",
  // Roles belong to no region, and a stage may be in several.
  nameOf: (suggested, { aws }) => cut(`${suggested}-${aws.region}`, 64),
  read: ({ aws, name }) => describe(aws, name),
  create: async ({ aws, name, properties, tags }) => {
    const iam = await aws.clients.iam();
    const { Role } = await iam.createRole({
      RoleName: name,
      Path: pathOf(aws),
      AssumeRolePolicyDocument: JSON.stringify(properties.AssumeRolePolicyDocument),
      Tags: toTagList(tags),
    });
    await putPolicies(aws, name, properties.Policies as readonly Policy[]);
    return { id: name, name, properties, attributes: { Ref: name, Arn: Role?.Arn ?? "" } };
  },
  // The code before still runs, and may need what the new one does not.
  update: async ({ aws, name, properties }, found, changed) => {
    const iam = await aws.clients.iam();
    if (changed.includes("AssumeRolePolicyDocument")) {
      const PolicyDocument = JSON.stringify(properties.AssumeRolePolicyDocument);
      await iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument });
    }
    const before = policiesOf(found.properties);
    await putPolicies(
      aws,
      name,
      policiesOf(properties).map((policy) => withStatementsOf(before, policy)),
    );
    return { ...found, properties: { ...properties, Policies: before } };
  },
  finishes: ({ properties }, found) =>
    policiesOf(found.properties).some((before) => {
      const after = policiesOf(properties).find(({ PolicyName }) => PolicyName === before.PolicyName);
      return after === undefined || onlyIn(before, after).length > 0;
    }),
  finish: async ({ aws, name, properties }, found) => {
    const iam = await aws.clients.iam();
    const policies = policiesOf(properties);
    await putPolicies(aws, name, policies);
    for (const { PolicyName } of policiesOf(found.properties)) {
      if (policies.some((policy) => policy.PolicyName === PolicyName)) continue;
      await ifThere(iam.deleteRolePolicy({ RoleName: name, PolicyName }), GONE);
    }
    return { ...found, properties };
  },
  remove: async ({ aws }, { id: RoleName }) => {
    const iam = await aws.clients.iam();
    const attached = await ifThere(iam.listAttachedRolePolicies({ RoleName }), GONE);
    for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
      await ifThere(iam.detachRolePolicy({ RoleName, PolicyArn }), GONE);
    }
    for (const PolicyName of await policyNames(aws, RoleName)) {
      await ifThere(iam.deleteRolePolicy({ RoleName, PolicyName }), GONE);
    }
    await ifThere(iam.deleteRole({ RoleName }), GONE);
  },
  list: async (aws) => {
    const iam = await aws.clients.iam();
    const roles = await everything(async (Marker) => {
      const page = await iam.listRoles({ PathPrefix: pathOf(aws), Marker });
      return [page.Roles, page.Marker];
    });
    return ours(aws, roles, ({ RoleName = "" }) => describe(aws, RoleName));
  },
};

const policiesOf = ({ Policies = [] }: Found["properties"]) => Policies as readonly Policy[];

/** Statements that the other policy does not have. */
function onlyIn(policy: Policy, other: Policy): readonly unknown[] {
  const others = other.PolicyDocument.Statement;
  return policy.PolicyDocument.Statement.filter((one) => !others.some((statement) => isSame(statement, one)));
}

function withStatementsOf(all: readonly Policy[], policy: Policy): Policy {
  const before = all.find(({ PolicyName }) => PolicyName === policy.PolicyName);
  const { Version, Statement } = policy.PolicyDocument;
  const more = before === undefined ? [] : onlyIn(before, policy);
  return { ...policy, PolicyDocument: { Version, Statement: [...Statement, ...more] } };
}

/** Tells one stage's roles from the next one's before any of them is looked at. */
const pathOf = ({ app, stage, region }: Aws) => `/anyfn/${app}/${stage}/${region}/`;

async function describe(aws: Aws, name: string): Promise<Found | undefined> {
  const iam = await aws.clients.iam();
  const Role = (await ifThere(iam.getRole({ RoleName: name }), GONE))?.Role;
  if (Role === undefined) return undefined;
  const Policies = await Promise.all(
    (await policyNames(aws, name)).map(async (PolicyName) => {
      const { PolicyDocument } = await iam.getRolePolicy({ RoleName: name, PolicyName });
      return { PolicyName, PolicyDocument: fromDocument(PolicyDocument) };
    }),
  );
  return {
    id: name,
    name,
    properties: { AssumeRolePolicyDocument: fromDocument(Role.AssumeRolePolicyDocument), Policies },
    attributes: { Ref: name, Arn: Role.Arn ?? "" },
    tags: fromTagList(Role.Tags),
  };
}

async function policyNames(aws: Aws, RoleName: string): Promise<readonly string[]> {
  const iam = await aws.clients.iam();
  return everything(async (Marker) => {
    const page = await ifThere(iam.listRolePolicies({ RoleName, Marker }), GONE);
    return [page?.PolicyNames, page?.Marker];
  });
}

async function putPolicies(aws: Aws, RoleName: string, policies: readonly Policy[] = []): Promise<void> {
  const iam = await aws.clients.iam();
  for (const { PolicyName, PolicyDocument } of policies) {
    await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
  }
}

/** IAM gives documents as they are written in URLs. */
function fromDocument(document = "{}"): unknown {
  return JSON.parse(decodeURIComponent(document));
}
