import { gzipSync } from "node:zlib";
import { defineFunction, http } from "@anyfn/core";
import type { Case } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { post } from "../payloads/http.ts";
import { ALL_BYTES, hex, seeing } from "./_requests.ts";

const seeBytes = seeing(async ({ body, bytes }) => [hex(body), hex(await bytes())]);

/** Bodies that a framework in front of the function would rather parse itself. */
export const PARSED_BODIES: readonly Case[] = [
  ...(["", " with the framework's own parsers"] as const).map(
    (label): Case => ({
      id: "R39",
      title: `gives the bytes of a body that a framework could have parsed${label}`,
      define: seeBytes,
      ...(label && { options: { gcp: { ownServer: false } } }),
      request: post("/in", "a=1&b=%20&&c", "application/x-www-form-urlencoded"),
      native: {
        gcp: [post("/in", "a=1&b=%20&&c", "text/plain"), post("/in", "a=1&b=%20&&c", "application/unknown")],
      },
      expect: { seen: [[hex(Buffer.from("a=1&b=%20&&c")), hex(Buffer.from("a=1&b=%20&&c"))]] },
    }),
  ),
  {
    id: "R39",
    title: "keeps the spelling of JSON that a framework could have parsed",
    define: seeing(({ text }) => text()),
    options: { gcp: { ownServer: false } },
    request: post("/in", '{ "id" : 12345678901234567890 }\n'),
    expect: { seen: ['{ "id" : 12345678901234567890 }\n'] },
  },
  {
    id: "R40",
    title: "hands malformed JSON to the function, which answers 400 when it reads it as JSON",
    define: (see) =>
      defineFunction({
        trigger: http.post("/in"),
        handler: async ({ text, json }) => {
          see(await text());
          return json();
        },
      }),
    request: post("/in", "{not json"),
    expect: {
      seen: ["{not json"],
      reply: {
        status: 400,
        body: { title: "Bad Request", status: 400, detail: "The body is not valid JSON." },
      },
    },
  },
  ...["null", "42", '"tea"', "[]", ""].map(
    (text): Case => ({
      id: "R40",
      title: `hands ${text || "no text"} over under a JSON type`,
      define: seeing((event) => event.text()),
      request: post("/in", text),
      expect: { seen: [text], reply: { status: 204 } },
    }),
  ),
  {
    id: "R40",
    title: "hands over text under a charset that the platform does not know",
    define: seeing(({ text }) => text()),
    request: post("/in", "{}", "application/json; charset=x-klingon"),
    expect: { seen: ["{}"], reply: { status: 204 } },
  },
  {
    id: "R42",
    title: "leaves a compressed body compressed, and says so",
    define: seeing(async ({ bytes, headers }) => [hex(await bytes()), headers["content-encoding"]]),
    request: post("/in", gzipSync("tea"), "application/gzip", [["content-encoding", "gzip"]]),
    expect: { seen: [[hex(gzipSync("tea")), "gzip"]], reply: { status: 204 } },
  },
  {
    id: "R42",
    title: "says nothing of an encoding that the framework has undone",
    decision:
      "Where the function shares its server, functions-framework inflates before anyone can ask it not to.",
    define: seeing(async ({ text, headers }) => [
      await text(),
      headers["content-encoding"],
      headers["content-length"],
    ]),
    options: { gcp: { ownServer: false } },
    native: {
      aws: [httpEvent("http-api", post("/in", "tea", "text/plain"))],
      azure: [
        azureRequest({
          method: "POST",
          body: "tea",
          headers: { "content-type": "text/plain", "content-length": "3" },
        }),
      ],
      gcp: [post("/in", gzipSync("tea"), "text/plain", [["content-encoding", "gzip"]])],
      node: [post("/in", "tea", "text/plain")],
    },
    expect: { seen: [["tea", undefined, "3"]] },
  },
];

/** Parts of a multipart form; the file's bytes hold the line that could end it. */
const FILE = Buffer.concat([ALL_BYTES, Buffer.from("\r\n--not-the-end\r\n")]);

function multipart(
  boundary: string,
  parameters: string,
  type = "multipart/form-data",
  change: Partial<Case> = {},
): Case {
  const lines = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="sku"',
    "",
    "grüner Tee",
    `--${boundary}`,
    'Content-Disposition: form-data; name="image"; filename="a b.png"',
    "Content-Type: image/png",
    "",
    "",
  ];
  const body = Buffer.concat([Buffer.from(lines.join("\r\n")), FILE, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return {
    id: "R34",
    title: `reads a form with ${type}; ${parameters}`,
    define: seeing(async ({ formData }) => {
      const form = await formData();
      const file = form.get("image") as File;
      return [form.get("sku"), file.name, file.type, hex(new Uint8Array(await file.arrayBuffer()))];
    }),
    request: post("/in", body, `${type}; ${parameters}`),
    expect: { seen: [["grüner Tee", "a b.png", "image/png", hex(FILE)]] },
    ...change,
  };
}

/** Forms. */
export const REQUEST_FORMS: readonly Case[] = [
  multipart("----anyfn7MA4YWxk", "boundary=----anyfn7MA4YWxk"),
  multipart("simple", 'boundary="simple"'),
  multipart("a'()+_,-./:=?b", `boundary="a'()+_,-./:=?b"`),
  multipart("a'()+_,-./:=?b", "boundary=a'()+_,-./:=?b"),
  multipart("Simple", "Boundary=Simple; charset=utf-8", "Multipart/Form-Data"),
  multipart("a b", 'charset=utf-8; boundary="a b"'),
  {
    id: "R34",
    title: "answers 400 to a form that is none",
    define: seeing(({ formData }) => formData()),
    request: post("/in", "sku=tea", "multipart/form-data; boundary=x"),
    expect: { seen: [], reply: { status: 400 } },
  },
  multipart("simple", "boundary=simple", "multipart/form-data", {
    id: "R39",
    title: "reads a form that the framework's parsers have seen first",
    options: { gcp: { ownServer: false } },
  }),
];
