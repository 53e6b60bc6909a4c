import { type ZipOptions, zipSync } from "fflate";

/** A zip and what its files take up in it. */
export interface Zip {
  readonly bytes: Uint8Array;
  /** Bytes that each file has when it is compressed with gzip, by name. */
  readonly gzipBytes: ReadonlyMap<string, number>;
}

/** Header and trailer of a gzip file (RFC 1952), around the same compressed data that a zip holds. */
const GZIP_FRAME = 18;

/**
 * Zips files so that the same files make the same bytes, on every machine: sorted, without times, readable by all
 * (Lambda runs as a user of its own), compressed by JavaScript, because zlib differs by version and processor.
 */
export function zip(files: ReadonlyMap<string, Uint8Array>): Zip {
  // The first time that a zip can tell, in local time as fflate reads it; a file of Unix, `rw-r--r--`.
  const options: ZipOptions = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 };
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = zipSync(Object.fromEntries(entries.map(([name, data]) => [name, [data, options]])));
  return { bytes, gzipBytes: readSizes(bytes) };
}

/**
 * Reads the compressed sizes in the zip's central directory, which saves compressing every file twice.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3
 */
function readSizes(bytes: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.byteLength - 22;
  const sizes = new Map<string, number>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd));
    sizes.set(name, view.getUint32(at + 20, true) + GZIP_FRAME);
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return sizes;
}
