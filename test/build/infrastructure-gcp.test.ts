import { queue, schedule } from "@anyfn/core";
import { beforeAll, describe, expect, it } from "vitest";
import { compareWith } from "./_arguments.ts";
import { EVERY, found } from "./_cloud-app.ts";
import { GOOGLE_ARGUMENTS } from "./_google-arguments.ts";
import { type Body, blocks, config, emit, one, read, SECTION, type Terraform } from "./_google-terraform.ts";

let text: string;
let all: Terraform;
beforeAll(async () => {
  text = await emit(EVERY, SECTION);
  all = JSON.parse(text) as Terraform;
});

describe("every block", () => {
  it("has the arguments that the provider knows, and those that it needs", () => {
    const problems = [...blocks(all.resource), ...blocks(all.data, "data.")].flatMap(([type, name, body]) => {
      const { depends_on: _dependsOn, for_each: _forEach, ...own } = body;
      const known = GOOGLE_ARGUMENTS[type];
      return known === undefined ? [`no type ${type}`] : compareWith(known, own, `${type}.${name}`);
    });
    expect(problems).toEqual([]);
    expect(blocks(all.resource).length).toBeGreaterThan(90);
  });

  it("refers to what there is", () => {
    const places = new Set<string>([
      ...blocks(all.resource).map(([type, name]) => `${type}.${name}`),
      ...blocks(all.data).map(([type, name]) => `data.${type}.${name}`),
      ...Object.keys(all.variable).map((name) => `var.${name}`),
      "path.module",
      "each.value",
    ]);
    const plain = text.replace(/[$%]{2}\{[^}]*\}/g, "");
    const references = [...plain.matchAll(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/g)].flatMap(([, code = ""]) => [
      ...code.matchAll(/\b(?:data\.)?(?:google_\w+|var|each|path)\.[\w-]+/g),
    ]);
    const depended = [...blocks(all.resource), ...blocks(all.data)].flatMap(
      ([, , { depends_on = [] }]) => depends_on as string[],
    );
    const missing = [...references.map(([reference]): string => reference), ...depended].filter(
      (name) => !places.has(name),
    );
    expect(missing).toEqual([]);
    expect(references.length).toBeGreaterThan(200);
  });

  it("needs nothing that needs it", () => {
    const edges = new Map<string, readonly string[]>(
      blocks(all.resource).map(([type, name, body]) => {
        const code = JSON.stringify(body).matchAll(/\b(google_\w+\.[\w-]+)/g);
        return [`${type}.${name}`, [...code].map(([, to = ""]) => to)] as const;
      }),
    );
    const visit = (place: string, path: readonly string[]): void => {
      if (path.includes(place)) throw new Error(`A cycle: ${[...path, place].join(" > ")}`);
      for (const next of edges.get(place) ?? []) visit(next, [...path, place]);
    };
    for (const place of edges.keys()) visit(place, []);
  });

  it("is the same for the same functions in any order, with no place of this machine", async () => {
    expect(await emit([...EVERY].reverse(), SECTION)).toBe(text);
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("/app/");
  });

  it("takes what users wrote as it is", () => {
    const { GREETING } = config(all, "fulfil").environment_variables as Body;
    expect(GREETING).toBe("$$" + "{not.code} %%" + "{nor.this}");
  });
});

describe("rights", () => {
  const grants = (file: Terraform, member: string): readonly string[] =>
    blocks(file.resource)
      .filter(([, , body]) => body.member === member)
      .map(([type, , { role, member: _member, depends_on: _dependsOn, ...place }]) => {
        const { location: _location, project: _project, ...rest } = place;
        return `${role} ${type.replace(/^google_|_iam_member$/g, "")} ${Object.values(rest).map(String).join(" ")}`.trim();
      })
      .sort();
  const account = (name: string) => `serviceAccount:\${google_service_account.${name}.email}`;
  const service = (name: string) => `\${google_cloudfunctions2_function.${name}.name}`;

  it.each(["fulfil", "pack", "shout", "count", "nightly"])(
    "%s is called by an account that may call it alone",
    (name) => {
      expect(grants(all, account(`${name}-trigger`))).toEqual([
        `roles/run.invoker cloud_run_v2_service ${service(name)}`,
      ]);
    },
  );

  it.each(["tell", "resize", "clean", "index", "greet", "watch", "hear"])(
    "%s receives events besides",
    (name) => {
      expect(grants(all, account(`${name}-trigger`))).toEqual([
        "roles/eventarc.eventReceiver project",
        `roles/run.invoker cloud_run_v2_service ${service(name)}`,
      ]);
    },
  );

  it("a function has none but those that it was given", () => {
    for (const { name } of EVERY) {
      const id = name.replaceAll("-", "_");
      expect(config(all, id).service_account_email).toBe(`\${google_service_account.${id}.email}`);
      if (name !== "fulfil") expect(grants(all, account(id))).toEqual([]);
    }
    expect(grants(all, account("fulfil"))).toEqual([
      "roles/datastore.user project",
      "roles/storage.objectViewer storage_bucket labels",
    ]);
  });

  it("everybody may call HTTP functions, unless told otherwise, and nothing else", async () => {
    expect(grants(all, "allUsers")).toEqual([
      `roles/run.invoker cloud_run_v2_service ${service("get_order")}`,
    ]);
    expect(grants(await read(EVERY, { public: false }), "allUsers")).toEqual([]);
    const own = await read(EVERY, { public: false, functions: { "get-order": { public: true } } });
    expect(grants(own, "allUsers")).toHaveLength(1);
    expect(grants(all, "serviceAccount:flow@shop.iam.gserviceaccount.com")).toEqual([
      `roles/run.invoker cloud_run_v2_service ${service("add")}`,
    ]);
  });

  it("Google's agents may do what the triggers need", () => {
    const pubsub = `serviceAccount:service-\${data.google_project.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com`;
    const readers = ["count", "fulfil", "mend", "pack", "shout"];
    expect(grants(all, pubsub)).toEqual([
      ...readers.map(
        (name) => `roles/pubsub.publisher pubsub_topic \${google_pubsub_topic.${name}-dead-letters.id}`,
      ),
      ...readers.map(
        (name) => `roles/pubsub.subscriber pubsub_subscription \${google_pubsub_subscription.${name}.id}`,
      ),
    ]);
    const storageAgent = `serviceAccount:\${data.google_storage_project_service_account.storage.email_address}`;
    expect(grants(all, storageAgent)).toEqual(["roles/pubsub.publisher project"]);
  });

  it("the builder reads sources, writes images of this application and logs", () => {
    expect(
      grants(all, account("app-build")).map((grant) => grant.replace(/ \[object Object\]$/, "")),
    ).toEqual([
      `roles/artifactregistry.writer artifact_registry_repository \${google_artifact_registry_repository.images.name}`,
      "roles/logging.logWriter project",
      "roles/storage.objectViewer project",
      `roles/storage.objectViewer storage_bucket \${google_storage_bucket.source.name}`,
    ]);
    const { condition } = one(all, "google_project_iam_member", "app-build-source");
    expect((condition as Body).expression).toContain(`gcf-v2-sources-\${data.google_project.project.number}`);
  });

  it("no role is granted by wildcard, to all of Google, or with the functions API's own invoker", () => {
    expect(text).not.toContain("allAuthenticatedUsers");
    expect(text).not.toContain("google_cloudfunctions2_function_iam");
    expect(text).not.toMatch(/roles\/(?:owner|editor|viewer)"/);
    for (const [type, , { role, member }] of blocks(all.resource))
      if (type.includes("_iam_")) expect(`${role} ${member}`).not.toContain("*");
  });
});

describe("what fails", () => {
  it("is retried by every trigger of a function, whose default drops it", () => {
    const triggers = blocks(all.resource).flatMap(([, name, { event_trigger }]) =>
      event_trigger === undefined ? [] : [[name, event_trigger as Body] as const],
    );
    expect(triggers.map(([name]) => name).sort()).toEqual(["index", "read", "resize", "tell", "watch"]);
    for (const [, trigger] of triggers) expect(trigger.retry_policy).toBe("RETRY_POLICY_RETRY");
  });

  it.each([
    ["fulfil", 5, false],
    ["count", 100, true],
    ["shout", 5, false],
  ])("in %s goes to dead letters after %i deliveries", (name, attempts, ordered) => {
    const subscription = one(all, "google_pubsub_subscription", name);
    expect(subscription).toMatchObject({
      ack_deadline_seconds: 40,
      enable_message_ordering: ordered,
      retry_policy: { minimum_backoff: "10s", maximum_backoff: "600s" },
      dead_letter_policy: {
        dead_letter_topic: `\${google_pubsub_topic.${name}-dead-letters.id}`,
        max_delivery_attempts: attempts,
      },
      // Subscriptions that nobody used for 31 days would be deleted.
      expiration_policy: { ttl: "" },
    });
    const uri = `\${google_cloudfunctions2_function.${name}.service_config[0].uri}`;
    expect(subscription.push_config).toEqual({
      push_endpoint: uri,
      oidc_token: {
        service_account_email: `\${google_service_account.${name}-trigger.email}`,
        audience: uri,
      },
    });
    // A topic without a subscription keeps nothing.
    expect(one(all, "google_pubsub_subscription", `${name}-dead-letters`)).toMatchObject({
      topic: `\${google_pubsub_topic.${name}-dead-letters.id}`,
      expiration_policy: { ttl: "" },
    });
  });

  it("has a deadline within Pub/Sub's bounds, and settings of its own", async () => {
    const section = { queues: { q: { maxDeliveryAttempts: 9 } }, retry: { minSeconds: 1, maxSeconds: 60 } };
    const file = await read([found("slow", queue("q"), { timeout: 600 })], section);
    expect(one(file, "google_pubsub_subscription", "slow")).toMatchObject({
      ack_deadline_seconds: 600,
      retry_policy: { minimum_backoff: "1s", maximum_backoff: "60s" },
      dead_letter_policy: { max_delivery_attempts: 9 },
    });
  });

  it("in a schedule is tried again, with a token, in the schedule's time zone", async () => {
    const file = await read([
      found("report", schedule("0 8 * * 7", { timeZone: "Europe/Berlin" }), { timeout: 1800 }),
    ]);
    const uri = `\${google_cloudfunctions2_function.report.service_config[0].uri}`;
    expect(one(file, "google_cloud_scheduler_job", "report")).toMatchObject({
      schedule: "0 8 * * 0",
      time_zone: "Europe/Berlin",
      attempt_deadline: "1800s",
      retry_config: { retry_count: 3 },
      http_target: {
        uri,
        http_method: "POST",
        oidc_token: {
          service_account_email: `\${google_service_account.report-trigger.email}`,
          audience: uri,
        },
      },
    });
    expect(one(all, "google_cloud_scheduler_job", "nightly")).toMatchObject({
      schedule: "30 2 * * 0,5,6",
      time_zone: "UTC",
      attempt_deadline: "15s",
    });
  });
});

describe("a function", () => {
  it("is deployed from its own archive, whose hash is in the name", () => {
    expect(one(all, "google_storage_bucket_object", "get_order")).toMatchObject({
      name: `get-order/\${filesha256("\${path.module}/get-order/get-order.zip")}.zip`,
      source: `\${path.module}/get-order/get-order.zip`,
    });
    expect(one(all, "google_cloudfunctions2_function", "get_order").build_config).toMatchObject({
      runtime: "nodejs24",
      entry_point: "get-order",
      service_account: `\${google_service_account.app-build.id}`,
    });
  });

  it("has the environment that the artifact reads", () => {
    expect(config(all, "nightly").environment_variables).toMatchObject({
      CLOUD_RUN_TIMEOUT_SECONDS: "3",
      GOOGLE_CLOUD_PROJECT: `\${var.project}`,
      IGNORED_ROUTES: "",
      NODE_OPTIONS: "--enable-source-maps",
    });
    expect(config(all, "nightly").timeout_seconds).toBe(3);
  });

  it("maps stack traces beside the user's own options of Node.js", async () => {
    const section = { functions: { f: { environment: { NODE_OPTIONS: "--no-warnings" } } } };
    const file = await read([found("f", schedule("0 0 * * *"))], section);
    expect(config(file, "f").environment_variables).toMatchObject({
      NODE_OPTIONS: "--enable-source-maps --no-warnings",
    });
  });

  it("is in the project and the region of the settings, unless told otherwise", async () => {
    const { variable } = await read([], { project: "shop-123", region: "europe-west1" });
    expect(variable.project?.default).toBe("shop-123");
    expect(variable.region?.default).toBe("europe-west1");
    expect(all.variable.project?.default).toBeUndefined();
  });

  it("takes 80 requests at once over HTTP and one event, with a whole CPU", async () => {
    expect(config(all, "get_order")).toMatchObject({
      max_instance_request_concurrency: 80,
      available_cpu: "1",
      available_memory: "512Mi",
      ingress_settings: "ALLOW_ALL",
    });
    expect(config(all, "fulfil")).toMatchObject({
      max_instance_request_concurrency: 1,
      ingress_settings: "ALLOW_INTERNAL_ONLY",
    });
    const large = await read([found("large", queue("q"), { memory: 5000 })]);
    expect(config(large, "large").available_cpu).toBe("2");
  });

  it("has names within Google's limits, which differ where functions do", async () => {
    const long = `a${"b".repeat(56)}`;
    const names = [`${long}c`, `${long}d`, "x", "x--trigger"];
    const file = await read(names.map((name) => found(name, queue(`of ${name}`))));
    const ids = Object.values(file.resource.google_service_account ?? {}).map(({ account_id }) => account_id);
    expect(new Set(ids).size).toBe(names.length * 2 + 1);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    for (const { name } of Object.values(file.resource.google_cloudfunctions2_function ?? {}))
      expect(name).toMatch(/^[a-z][a-z0-9-]{2,61}[a-z0-9]$/);
  });
});

describe("sources", () => {
  it("exist already, by name, unless they are to be created", () => {
    expect(all.variable.queue_orders_topic).toMatchObject({ type: "string", default: "orders" });
    expect(one(all, "google_pubsub_subscription", "fulfil").topic).toBe(
      `\${data.google_pubsub_topic.queue_orders.id}`,
    );
    expect(one(all, "google_pubsub_topic", "stream_clicks").name).toBe("clicks");
    expect(Object.keys(all.resource.google_storage_bucket ?? {}).sort()).toEqual([
      "source",
      "storage_uploads",
    ]);
  });

  it.each([
    ["a bucket's one action", "resize", "google.cloud.storage.object.v1.finalized"],
    ["all changes of a collection", "index", "google.cloud.firestore.document.v1.written"],
    ["a topic", "tell", "google.cloud.pubsub.topic.v1.messagePublished"],
  ])("%s is a trigger of the function", (_title, name, type) => {
    expect(one(all, "google_cloudfunctions2_function", name).event_trigger).toMatchObject({
      event_type: type,
    });
  });

  it("several actions are a trigger each, and types that are not declared come from a variable", () => {
    const triggers = Object.entries(all.resource.google_eventarc_trigger ?? {});
    const typesOf = (name: string) =>
      triggers
        .filter(([key]) => key.split("-")[0] === name)
        .map(([, { matching_criteria }]) => (matching_criteria as readonly Body[])[0]?.value)
        .sort();
    expect(typesOf("clean")).toEqual([
      "google.cloud.storage.object.v1.deleted",
      "google.cloud.storage.object.v1.finalized",
    ]);
    expect(typesOf("greet")).toEqual([
      "google.cloud.firestore.document.v1.created",
      "google.cloud.firestore.document.v1.deleted",
    ]);
    expect(typesOf("hear")).toEqual([`\${each.value}`]);
    expect(one(all, "google_eventarc_trigger", "hear").for_each).toBe(`\${var.bus_everything_types}`);
  });

  it("audit logs are filtered as the settings say", () => {
    expect(one(all, "google_cloudfunctions2_function", "watch").event_trigger).toMatchObject({
      event_filters: [
        { attribute: "methodName", value: "storage.buckets.create" },
        { attribute: "serviceName", value: "storage.googleapis.com" },
      ],
    });
  });

  it("logs have a bucket of their own where their retention is set", async () => {
    expect(one(all, "google_logging_project_bucket_config", "functions").retention_days).toBe(7);
    expect(
      Object.keys((await read(EVERY)).resource).filter((type) => type.startsWith("google_logging")),
    ).toEqual([]);
  });
});
