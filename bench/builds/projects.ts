import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { emptied } from "../measure/tools.ts";

/** The same functions for each tool, every one with a route of its own. */
export const writers: Readonly<Record<string, (count: number) => Record<string, string>>> = {
  anyfn: (count) => ({
    "package.json": JSON.stringify({ name: "shop", private: true, type: "module" }),
    "anyfn.config.ts": 'export default { name: "shop" };\n',
    "src/functions.ts": [
      'import { defineFunction, http } from "@anyfn/core";',
      ...indexes(count).map(
        (index) =>
          `export const thing${index} = defineFunction({ trigger: http.get("/things${index}/{id}"), ` +
          `handler: ({ params }) => ({ thing: ${index}, id: params.id }) });`,
      ),
    ].join("\n"),
  }),
  esbuild: (count) =>
    Object.fromEntries(
      indexes(count).map((index) => [
        `src/thing${index}.ts`,
        `export const handler = async (event: { pathParameters: { id: string } }) => ({ statusCode: 200, ` +
          `headers: { "content-type": "application/json" }, ` +
          `body: JSON.stringify({ thing: ${index}, id: event.pathParameters.id }) });`,
      ]),
    ),
  nitro: (count) => ({
    "package.json": JSON.stringify({ name: "shop", private: true, type: "module" }),
    "nitro.config.ts": "export default { sourceMap: false };\n",
    ...Object.fromEntries(
      indexes(count).map((index) => [
        `routes/things${index}/[id].get.ts`,
        'import { defineHandler, getRouterParam } from "nitro/h3";\n' +
          `export default defineHandler((event) => ({ thing: ${index}, id: getRouterParam(event, "id") }));`,
      ]),
    ),
  }),
  wrangler: (count) => ({
    "package.json": JSON.stringify({ name: "shop", private: true, type: "module" }),
    "wrangler.json": JSON.stringify({ name: "shop", main: "src/index.ts", compatibility_date: "2026-03-01" }),
    "src/index.ts": [
      ...indexes(count).map((index) => `import { thing${index} } from "./thing${index}.ts";`),
      `const things = [${indexes(count).map((index) => `thing${index}`)}];`,
      "export default { async fetch(request: Request) { const [, name, id] = new URL(request.url).pathname.split('/');",
      "return things[Number(name?.slice(6))]?.(id) ?? new Response(null, { status: 404 }); } };",
    ].join("\n"),
    ...Object.fromEntries(
      indexes(count).map((index) => [
        `src/thing${index}.ts`,
        `export const thing${index} = (id: string) => Response.json({ thing: ${index}, id });`,
      ]),
    ),
  }),
};

/** Writes a tool's project with so many functions; its folder. */
export function writeProject(tool: string, count: number): string {
  const folder = emptied(`builds/${tool}-${count}`);
  for (const [path, text] of Object.entries(writers[tool]?.(count) ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
