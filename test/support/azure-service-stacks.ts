import { isDeepStrictEqual } from "node:util";
import type { Body, Given, Kept, Template } from "./azure-service-resources.ts";
import { type AzureState, failure, GROUP, jsonOf, type Route } from "./azure-service-state.ts";
import type { ServerAnswer } from "./recording-server.ts";

interface Deployment {
  readonly tags?: Body["tags"];
  readonly properties: {
    readonly template: Template;
    readonly parameters: Given;
    readonly actionOnUnmanage?: Readonly<Record<string, string>>;
  };
}

interface StackState {
  readonly tags: Body["tags"];
  readonly resources: readonly string[];
  state: string;
  /** What it becomes when it is looked at next. */
  next: string | undefined;
  readonly error?: object | undefined;
}

const PROVIDER = `${GROUP.replaceAll("/", "\\/")}\\/providers\\/Microsoft\\.Resources`;

/** Deployments, and stacks of them: what a template no longer has is deleted at the end. */
export function createStacks(state: AzureState, url: string): readonly Route[] {
  const stacks = new Map<string, StackState>();
  const deployments = new Map<string, { readonly error?: object | undefined; polls: number }>();
  const operations = new Map<string, { readonly answer: object; polls: number }>();
  const at = (kind: string) => new RegExp(`^${PROVIDER}\\/${kind}\\/([^/]+)$`);
  const missingGroup = (): ServerAnswer | undefined =>
    state.hasGroup
      ? undefined
      : failure(404, "ResourceGroupNotFound", "Resource group 'shop' could not be found.");

  const putStack: Route[3] = (request, [name = ""]) => {
    const { tags, properties } = jsonOf<Deployment>(request);
    if (state.missingKeys > 0 && JSON.stringify(properties).includes("blobs_extension"))
      return failure(400, "InvalidTemplate", "The property 'blobs_extension' does not exist.");
    const before = stacks.get(name)?.resources ?? [];
    const { made, error } = deploy(state, properties);
    const gone = error === undefined ? before.filter((id) => !made.includes(id)) : [];
    if (gone.length > 0 && properties.actionOnUnmanage?.resources !== "delete")
      return failure(400, "Unexpected", "Nothing would be deleted.");
    for (const id of gone) state.resources.delete(id);
    stacks.set(name, {
      tags,
      // Nothing says that a failed deployment's resources are managed.
      resources: error === undefined ? made : before,
      state: "deploying",
      next: error === undefined ? "succeeded" : "failed",
      error,
    });
    return { status: 201, body: {} };
  };

  const getStack: Route[3] = (_request, [name = ""]) => {
    const stack = stacks.get(name);
    if (stack === undefined) return missingGroup() ?? failure(404, "DeploymentStackNotFound", name);
    const { tags, resources, error } = stack;
    const body = {
      tags,
      properties: {
        provisioningState: stack.state,
        resources: resources.map((id) => ({ id, status: "managed" })),
        ...(stack.state === "failed" ? { error } : {}),
      },
    };
    if (stack.next === "gone") stacks.delete(name);
    else [stack.state, stack.next] = [stack.next ?? stack.state, undefined];
    return { body };
  };

  const deleteStack: Route[3] = ({ url: asked }, [name = ""]) => {
    const query = new URL(asked, url).searchParams;
    const stack = stacks.get(name);
    if (stack === undefined) return { status: 204 };
    if (query.get("unmanageAction.ResourceGroups") !== "detach") return failure(400, "Unexpected", "group");
    if (query.get("unmanageAction.Resources") === "delete")
      for (const id of stack.resources) state.resources.delete(id);
    if (state.resources.find("Microsoft\\.Web/sites") === undefined) {
      state.code = undefined;
      state.blobs.clear();
    }
    [stack.state, stack.next] = ["deletingResources", "gone"];
    return { status: 202 };
  };

  const whatIf: Route[3] = (request) => {
    const { template, parameters } = jsonOf<Deployment>(request).properties;
    const changes = predict(state, state.resources.read(template, parameters));
    const id = `operation-${operations.size}`;
    operations.set(id, { answer: { status: "Succeeded", properties: { changes } }, polls: 1 });
    return { status: 202, headers: { location: `${url}/operations/${id}`, "retry-after": "0" } };
  };

  return [
    ["GET", at("deploymentStacks"), "manager", getStack],
    ["PUT", at("deploymentStacks"), "manager", putStack],
    ["DELETE", at("deploymentStacks"), "manager", deleteStack],
    ["POST", new RegExp(`^${PROVIDER}\\/deployments\\/([^/]+)\\/whatIf$`), "manager", whatIf],
    [
      "GET",
      /^\/operations\/([\w-]+)$/,
      "manager",
      (_request, [id = ""]) => {
        const operation = operations.get(id);
        if (operation === undefined) return { status: 404 };
        operation.polls -= 1;
        return operation.polls >= 0 ? { status: 202 } : { body: operation.answer };
      },
    ],
    [
      "PUT",
      at("deployments"),
      "manager",
      (request, [name = ""]) => {
        const { error } = deploy(state, jsonOf<Deployment>(request).properties);
        deployments.set(name, { error, polls: 1 });
        return { status: 201, body: {} };
      },
    ],
    [
      "GET",
      at("deployments"),
      "manager",
      (_request, [name = ""]) => {
        const deployment = deployments.get(name);
        if (deployment === undefined) return failure(404, "DeploymentNotFound", name);
        deployment.polls -= 1;
        const { error } = deployment;
        const final = error === undefined ? "Succeeded" : "Failed";
        return {
          body: { properties: { provisioningState: deployment.polls >= 0 ? "Running" : final, error } },
        };
      },
    ],
  ];
}

/** Makes the resources of a template, up to the first that fails. */
function deploy(
  state: AzureState,
  { template, parameters }: Deployment["properties"],
): { readonly made: readonly string[]; readonly error?: object } {
  const made: string[] = [];
  for (const { id, body } of state.resources.read(template, parameters)) {
    if (state.failResource?.test(id)) {
      state.failResource = undefined;
      const inner = { code: "SkuNotAvailable", message: "There is no room in this region." };
      const details = [{ code: "ResourceDeploymentFailure", message: "It failed.", details: [inner] }];
      return { made, error: { code: "DeploymentFailed", message: "At least one failed.", details } };
    }
    state.resources.put(id, body);
    made.push(id);
  }
  return { made };
}

/** As Azure does: it cannot read an app's settings, so that these seem to change each time. */
function predict({ resources }: AzureState, wanted: readonly Kept[]): readonly object[] {
  const changes = wanted.map(({ id: resourceId, body: after }) => {
    const before = resources.get(resourceId)?.body;
    if (before === undefined) return { resourceId, changeType: "Create", after };
    const isSite = /\/sites\/[^/]+$/.test(resourceId);
    if (!isSite && isDeepStrictEqual(before, after))
      return { resourceId, changeType: "NoChange", before, after };
    const delta = deltaOf(before, after);
    return { resourceId, changeType: "Modify", before, after, delta: isSite ? [...delta, SETTINGS] : delta };
  });
  const known = new Set(wanted.map(({ id }) => id.toLowerCase()));
  const others = resources.ids().filter((id) => !known.has(id.toLowerCase()));
  return [...changes, ...others.map((resourceId) => ({ resourceId, changeType: "Ignore" }))];
}

const SETTINGS = {
  path: "properties.siteConfig.appSettings",
  propertyChangeType: "Create",
  after: [{ name: "GREETING", value: "secret-value" }],
};

function deltaOf(before: unknown, after: unknown, path = ""): readonly object[] {
  if (isDeepStrictEqual(before, after) || path.endsWith("appSettings")) return [];
  if (!isObject(before) || !isObject(after))
    return [{ path, propertyChangeType: "Modify", before, after, children: null }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    deltaOf(before[name], after[name], path === "" ? name : `${path}.${name}`),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
