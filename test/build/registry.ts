import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A package to be served: files by path; its package.json says name, version, and what it needs. */
export type PackageFiles = Readonly<Record<string, string | Uint8Array>>;

/** A registry of npm packages on loopback. */
export interface Registry extends AsyncDisposable {
  readonly url: string;
}

/** Serves packages as https://registry.npmjs.org does. */
export async function startRegistry(packages: readonly PackageFiles[]): Promise<Registry> {
  const served = new Map(packages.map((files) => [manifestOf(files).name, files]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    const files = served.get(path.replace(/\/-\/.*$/, ""));
    if (files === undefined) return void response.writeHead(404).end("{}");
    const tarball = gzipSync(tar(files));
    if (path.includes("/-/")) return void response.end(tarball);
    const manifest = manifestOf(files);
    const { name, version } = manifest;
    const { port } = server.address() as AddressInfo;
    const dist = {
      tarball: `http://127.0.0.1:${port}/${name}/-/package.tgz`,
      integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
    };
    const versions = { [version]: { ...manifest, dist } };
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function manifestOf(files: PackageFiles): { readonly name: string; readonly version: string } {
  return JSON.parse(String(files["package.json"]));
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, section "ustar Interchange Format" */
function tar(files: PackageFiles): Buffer {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const data = Buffer.from(content);
    const head = Buffer.alloc(512);
    head.write(`package/${path}`, 0);
    head.write("0000644\x000000000\x000000000\x00", 100);
    head.write(`${data.length.toString(8).padStart(11, "0")}\x00${"0".repeat(11)}\x00        0`, 124);
    head.write("ustar\x0000", 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\x00 `, 148);
    return [head, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
