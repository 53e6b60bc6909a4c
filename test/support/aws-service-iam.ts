import { ACCOUNT, type ServiceStub } from "./aws-service.ts";
import { at, createQueryStub, type Loose, paged, refusal } from "./aws-service-tables.ts";

/** A role as the stand-in keeps it. */
export interface StubRole {
  readonly path: string;
  trust: string;
  readonly tags: unknown;
  /** Documents by name. */
  readonly policies: Map<string, string>;
  /** ARNs of the policies that are attached. */
  readonly attached: Set<string>;
}

/** The stand-in of IAM, and its roles by name. */
export interface IamStub extends ServiceStub {
  readonly roles: Map<string, StubRole>;
}

/** Starts empty. */
export function createIamStub(): IamStub {
  const roles = new Map<string, StubRole>();
  const roleAt = ({ RoleName }: Loose) => at(roles, RoleName, "NoSuchEntity", 404);
  const described = (RoleName: unknown, { path, trust, tags }: StubRole): Loose => ({
    Path: path,
    RoleName,
    Arn: `arn:aws:iam::${ACCOUNT}:role${path}${RoleName}`,
    AssumeRolePolicyDocument: encodeURIComponent(trust),
    Tags: tags,
  });
  const stub = createQueryStub("iam", {
    CreateRole: ({ RoleName, Path, AssumeRolePolicyDocument, Tags }) => {
      if (roles.has(String(RoleName))) throw refusal("EntityAlreadyExists", 409);
      const role = {
        path: String(Path),
        trust: String(AssumeRolePolicyDocument),
        tags: Tags,
        policies: new Map(),
        attached: new Set<string>(),
      };
      roles.set(String(RoleName), role);
      return { Role: described(RoleName, role) };
    },
    GetRole: (input) => ({ Role: described(input.RoleName, roleAt(input)) }),
    ListRoles: ({ PathPrefix, Marker }) => {
      const all = [...roles].filter(([, { path }]) => path.startsWith(String(PathPrefix)));
      const [page, next] = paged(all, Marker);
      // Without tags, as IAM does it.
      const Roles = page.map(([name, role]) => ({ ...described(name, role), Tags: undefined }));
      return { Roles, Marker: next, IsTruncated: next !== undefined };
    },
    UpdateAssumeRolePolicy: (input) => {
      roleAt(input).trust = String(input.PolicyDocument);
      return {};
    },
    PutRolePolicy: (input) => {
      roleAt(input).policies.set(String(input.PolicyName), String(input.PolicyDocument));
      return {};
    },
    GetRolePolicy: (input) => {
      const document = at(roleAt(input).policies, input.PolicyName, "NoSuchEntity", 404);
      return { ...input, PolicyDocument: encodeURIComponent(document) };
    },
    ListRolePolicies: (input) => {
      const [PolicyNames, Marker] = paged(roleAt(input).policies.keys(), input.Marker);
      return { PolicyNames, Marker, IsTruncated: Marker !== undefined };
    },
    DeleteRolePolicy: (input) => {
      roleAt(input).policies.delete(String(input.PolicyName));
      return {};
    },
    ListAttachedRolePolicies: (input) => ({
      AttachedPolicies: [...roleAt(input).attached].map((PolicyArn) => ({ PolicyArn })),
    }),
    DetachRolePolicy: (input) => {
      roleAt(input).attached.delete(String(input.PolicyArn));
      return {};
    },
    DeleteRole: (input) => {
      const { policies, attached } = roleAt(input);
      if (policies.size + attached.size > 0) throw refusal("DeleteConflict", 409);
      roles.delete(String(input.RoleName));
      return {};
    },
  });
  return { ...stub, roles };
}
