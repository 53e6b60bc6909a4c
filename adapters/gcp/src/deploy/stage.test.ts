import { writeFileSync } from "node:fs";
import type { StageInput } from "@anyfn/build";
import { http, storage } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { PROJECT, REGION } from "../../../../test/support/google-service-state.ts";
import { createStage } from "../../../../test/support/google-stage.ts";
import { differences, maskOf } from "./diff.ts";
import { connect } from "./google.ts";
import { placeOf } from "./place.ts";
import { fill, referencesIn, UNKNOWN } from "./template.ts";

const base = {
  app: "shop",
  stage: "dev",
  parameters: {},
  settings: { parameters: {} },
  environment: {},
} as unknown as StageInput;

describe("project and region", () => {
  it.each([
    [{ settings: { parameters: {}, project: "a", region: "b" } }, ["a", "b"]],
    [
      {
        settings: { parameters: {}, project: "a", region: "b" },
        environment: { GOOGLE_CLOUD_PROJECT: "c", GOOGLE_CLOUD_REGION: "d" },
      },
      ["c", "d"],
    ],
    [
      {
        environment: { GOOGLE_CLOUD_PROJECT: "c", GOOGLE_CLOUD_REGION: "d" },
        parameters: { project: "e", region: "f" },
      },
      ["e", "f"],
    ],
  ])("are taken from the nearest place: %j", (rest, [project, region]) => {
    expect(placeOf({ ...base, ...rest } as StageInput)).toMatchObject({ project, region });
  });

  it("are asked for where nothing names them", () => {
    expect(() => placeOf(base)).toThrow(/targets\.gcp\.project.*GOOGLE_CLOUD_PROJECT.*targets\.gcp\.region/);
    expect(() => placeOf({ ...base, environment: { GOOGLE_CLOUD_PROJECT: "a" } })).toThrow(
      /GOOGLE_CLOUD_REGION/,
    );
  });
});

describe("parameters", () => {
  it("that have no value are listed with what they are", async () => {
    await using stage = await createStage({ resize: storage("images") });
    await expect(stage.plan()).rejects.toThrow(
      /These parameters need values:\n {2}storage_images_location: Location of the bucket "images".*\nGive each with --parameter/,
    );
    stage.set({ parameters: { storage_images_location: "eu", storage_imges_bucket: "x" } });
    await expect(stage.plan()).rejects.toThrow(
      /There is no parameter storage_imges_bucket\. There are: project, region, storage_images_bucket, storage_images_l/,
    );
    expect(stage.google.server.requests).toEqual([]);
  });
});

describe("credentials", () => {
  it("are those of the standard chain, and every request has their token", async () => {
    await using stage = await createStage({ get: http.get("/") });
    await stage.deploy();
    const asked = stage.google.server.requests.filter(
      ({ url }) => !/^\/(?:sts|iamcredentials|upload)\//.test(url),
    );
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer access-token"]),
    );
    expect(stage.google.server.lines().filter((line) => line === "POST /sts/token")).toHaveLength(1);
  });

  it("that do not work end at once, with how to log in", async () => {
    await using stage = await createStage({ get: http.get("/") });
    writeFileSync(stage.google.credentials, JSON.stringify({ type: "authorized_user" }));
    await expect(stage.plan()).rejects.toThrow(/gcloud auth application-default login/);
    const rollback = stage.deployer.planRollback(await stage.input());
    await expect(rollback).rejects.toThrow(/gcloud auth application-default login/);
    expect(stage.google.server.requests).toEqual([]);
    expect(stage.waits).toEqual([]);
  });
});

it("another universe has other hosts, for all services and the official client", async () => {
  await using stage = await createStage({});
  const { signal, environment: own } = await stage.input();
  const environment = { ...own, GOOGLE_CLOUD_UNIVERSE_DOMAIN: "example.cloud" };
  const hosts: string[] = [];
  const google = connect({ environment, signal }, {});
  const auth = await google.auth();
  auth.getAccessToken = async () => "token";
  auth.request = async ({ url }) => {
    hosts.push(new URL(String(url)).host);
    throw new Error("not asked");
  };
  await google.send({ service: "pubsub", method: "POST", path: "v1/x" });
  expect(hosts).toEqual(["pubsub.example.cloud"]);
  const answer = await google.functions(async (client) => [client.apiEndpoint, client.universeDomain]);
  expect(answer).toEqual({ ok: true, body: ["cloudfunctions.example.cloud", "example.cloud"] });
});

describe("templates", () => {
  const lookup = (reference: string): unknown =>
    ({ "var.region": REGION, "each.value": "com.example.a", "google_x.y.uri": UNKNOWN })[reference];
  const open = "$" + "{";
  it.each([
    [`${open}var.region}`, REGION],
    [`in ${open}var.region}!`, `in ${REGION}!`],
    [`$${open}var.region} %%{if}`, `${open}var.region} %{if}`],
    [`${open}google_x.y.uri}`, UNKNOWN],
    [`at ${open}google_x.y.uri}/`, UNKNOWN],
    [`${open}toset(["a","b"])}`, ["a", "b"]],
    // sha256 of com.example.a, by another tool.
    [`on-${open}substr(sha256(each.value), 0, 8)}`, "on-4489ea70"],
    [
      [{ a: `${open}var.region}` }, 1, true],
      [{ a: REGION }, 1, true],
    ],
  ])("%j", (value, expected) => {
    expect(fill(value, lookup)).toEqual(expected);
  });

  it("has no expression that is not understood", () => {
    expect(() => fill(`${open}upper(var.region)}`, lookup)).toThrow(
      "no reading of the expression upper(var.region)",
    );
    expect(referencesIn({ a: `${open}var.region} ${open}google_x.y.id}` })).toEqual([
      "var.region",
      "google_x.y.id",
    ]);
  });
});

describe("differences", () => {
  const paths = (declared: object, found: object) => differences(declared, found).map(({ path }) => path);
  it.each<[string, object, object, readonly string[]]>([
    ["defaults of the service", { a: 1 }, { a: 1, b: 2 }, []],
    ["zero in each form", { a: 0, b: false, c: "", d: [], e: undefined, f: "0s" }, {}, []],
    ["numbers as text", { a: 5 }, { a: "5" }, []],
    [
      "filters in another order",
      { f: [{ attribute: "a" }, { attribute: "b" }] },
      { f: [{ attribute: "b" }, { attribute: "a" }] },
      [],
    ],
    ["places in capitals", { location: "eu" }, { location: "EU" }, []],
    ["the number of a project", { t: "projects/shop/topics/a" }, { t: "projects/42/topics/a" }, []],
    ["other projects", { t: "projects/shop/topics/a" }, { t: "projects/pub/topics/a" }, ["t"]],
    ["texts in capitals", { filter: "eu" }, { filter: "EU" }, ["filter"]],
    ["what is not to be there", { a: undefined, b: {} }, { a: "x", b: { ttl: "1s" } }, ["a", "b"]],
    ["members of members", { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1, d: 3 } } }, ["a.b.d"]],
    ["what is known later", { a: UNKNOWN }, { a: "x" }, ["a"]],
    [
      "variables",
      { environmentVariables: { A: "1" } },
      { environmentVariables: { B: "1" } },
      ["environmentVariables"],
    ],
    [
      "variables of Google's own",
      { environmentVariables: { A: "1" } },
      { environmentVariables: { A: "1", LOG_EXECUTION_ID: "true" } },
      [],
    ],
  ])("%s", (_title, declared, found, expected) => {
    expect(paths(declared, found)).toEqual(expected);
  });

  it("are sent by the members that an API changes one by one", () => {
    expect(maskOf(["a.b.c", "a.b.d", "e.f", "g"], ["a"])).toEqual(["a.b", "e", "g"]);
  });
});

it("the document of every stage has the project that it is for", async () => {
  await using stage = await createStage({ get: http.get("/") });
  expect((await stage.plan()).place).toBe(`project ${PROJECT}, ${REGION}`);
});
