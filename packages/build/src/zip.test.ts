import { gzipSync, strToU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zip } from "./zip.ts";

const files = new Map([
  ["index.mjs", strToU8("export const handler = () => 'hello';\n".repeat(40))],
  ["größe.txt", strToU8("ü")],
  ["empty", new Uint8Array()],
]);

describe("zip", () => {
  it("holds the files", () => {
    expect(unzipSync(zip(files).bytes)).toEqual(Object.fromEntries(files));
  });

  it("makes the same bytes whatever the order and the time zone", () => {
    const zone = process.env.TZ;
    const zips = ["UTC", "Pacific/Kiritimati", "America/Anchorage"].map((name, index) => {
      process.env.TZ = name;
      return zip(new Map(index === 1 ? [...files].reverse() : files)).bytes;
    });
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(zips[1]).toEqual(zips[0]);
    expect(zips[2]).toEqual(zips[0]);
  });

  it("says what each file has when it is compressed with gzip", () => {
    const sizes = [...files].map(([name, data]) => [name, gzipSync(data).length]);
    expect([...zip(files).gzipBytes].sort()).toEqual(sizes.sort());
  });

  it("lets every user read them, as Lambda's own must", () => {
    const { bytes } = zip(files);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const directory = view.getUint32(bytes.byteLength - 22 + 16, true);
    expect(view.getUint32(directory, true)).toBe(0x02014b50);
    expect((view.getUint32(directory + 38, true) >>> 16).toString(8)).toBe("100644");
  });
});
