import { expect, it } from "vitest";
import { formatBytes, formatTime, sizeTable } from "./table.ts";

const file = (name: string, bytes: number) => ({ name, bytes, gzipBytes: bytes / 2, sha256: "" });
const artifact = { functions: ["a"], bundle: "index.mjs", modules: [], assets: [], packages: {} };

it("lines up one row an artifact", () => {
  const manifest = { app: "shop", functions: [], infrastructure: [] };
  const table = sizeTable({
    targets: [
      {
        target: "aws",
        directory: "/shop/dist/aws",
        milliseconds: [12.4],
        manifest: {
          ...manifest,
          target: "aws",
          artifacts: [
            {
              ...artifact,
              directory: "get-order",
              files: [file("index.mjs", 20_480), file("index.mjs.map", 1)],
              zip: { name: "get-order.zip", bytes: 12_000, sha256: "" },
            },
          ],
        },
      },
      {
        target: "node",
        directory: "/shop/dist/node",
        milliseconds: [1234],
        manifest: {
          ...manifest,
          target: "node",
          artifacts: [
            {
              ...artifact,
              functions: ["a", "b"],
              directory: ".",
              files: [file("index.mjs", 900)],
              zip: null,
            },
          ],
        },
      },
    ],
  });
  expect(table).toEqual([
    "target  artifact   functions  files   bundle     gzip      zip   time",
    "aws     get-order          1      2  20.5 kB  10.2 kB  12.0 kB  12 ms",
    "node    index.mjs          2      1    900 B    450 B        –  1.2 s",
  ]);
});

it.each([
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1_234_567, "1.2 MB"],
])("writes %i bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0.4, "0 ms"],
  [312.6, "313 ms"],
  [1250, "1.3 s"],
])("writes %f milliseconds as %s", (milliseconds, text) => {
  expect(formatTime(milliseconds)).toBe(text);
});
