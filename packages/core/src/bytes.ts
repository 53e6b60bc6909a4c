import { WEB } from "./features.ts";

/** The parts of Node's Buffer that beat the Web's means by a factor of twenty; absent on other runtimes. */
interface BufferLike {
  concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer>;
  from(
    text: string,
    encoding: "base64" | "utf8",
  ): Uint8Array<ArrayBuffer> & { toString(encoding: "latin1"): string };
  from(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ): { toString(encoding: "base64" | "utf8"): string };
}

const { Buffer: buffer } = globalThis as unknown as { Buffer: BufferLike };
let strictDecoder: TextDecoder | undefined;
let looseDecoder: TextDecoder | undefined;

/** Whether text is canonical base64, in the standard alphabet, padded or not. */
export function isBase64(text: string): boolean {
  const length = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
  if (length % 4 === 1 || (length !== text.length && text.length % 4 !== 0)) return false;
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Bytes of base64 text. Characters outside the alphabet are skipped on Node and refused elsewhere. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (!WEB || buffer !== undefined) return buffer.from(text, "base64");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Base64 text of bytes. */
export function toBase64(bytes: Uint8Array): string {
  if (!WEB || buffer !== undefined)
    return buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}

/** UTF-8 bytes of text. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (!WEB || buffer !== undefined) return buffer.from(text, "utf8");
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes; a malformed sequence becomes U+FFFD, a byte order mark is kept. */
export function decodeText(bytes: Uint8Array): string {
  if (!WEB || buffer !== undefined)
    return buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  looseDecoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
  return looseDecoder.decode(bytes);
}

/** The UTF-8 bytes of text, as one character each. */
export function toByteString(text: string): string {
  if (!WEB || buffer !== undefined) return buffer.from(text, "utf8").toString("latin1");
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** A copy of chunks in one piece; `length` is the sum of theirs. */
export function joinBytes(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  if (!WEB || buffer !== undefined) return buffer.concat(chunks, length);
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** Text without the byte order mark that some senders put before JSON. */
export function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** Text of UTF-8 bytes, or undefined when they are not valid UTF-8. */
export function decodeTextStrictly(bytes: Uint8Array): string | undefined {
  strictDecoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return strictDecoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Percent-decodes once; malformed input gives undefined. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
