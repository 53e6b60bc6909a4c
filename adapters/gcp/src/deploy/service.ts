import { bodyOf } from "./_answer.ts";
import type { Kind } from "./kind.ts";
import { finish } from "./operation.ts";

const SERVICE = "serviceusage";

/** An API of the project: it is enabled where it is not, and stays so, since others may need it, too. */
export const serviceKind: Kind = {
  label: "API",
  path: ({ service }, { project }) => `projects/${project}/services/${String(service)}`,
  body: () => ({ state: "ENABLED" }),
  rank: 9,
  read: async (google, path) => {
    const found = bodyOf(await google.send({ service: SERVICE, method: "GET", path: `v1/${path}` }));
    return found.state === "ENABLED" ? found : undefined;
  },
  create: async (step, { path }) => {
    const request = { service: SERVICE, method: "POST", path: `v1/${path}:enable`, body: {} } as const;
    return finish(step, SERVICE, "v1", bodyOf(await step.google.send(request)));
  },
};
