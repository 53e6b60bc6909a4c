/** Kind and size of an image. */
export interface ImageInfo {
  readonly contentType: "image/png" | "image/gif";
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GIF = [0x47, 0x49, 0x46, 0x38];

/** Reads kind and size from an image's first bytes; undefined for anything but PNG and GIF. */
export function readImage(bytes: Uint8Array): ImageInfo | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength >= 24 && PNG.every((byte, index) => bytes[index] === byte)) {
    return { contentType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (bytes.byteLength >= 10 && GIF.every((byte, index) => bytes[index] === byte)) {
    return { contentType: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  return undefined;
}

/** Size of the thumbnail: at most `edge` pixels on the longer edge, never larger than the image. */
export function thumbnailSize(
  image: ImageInfo,
  edge: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  return {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
}
