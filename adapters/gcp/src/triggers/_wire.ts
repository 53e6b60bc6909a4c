/** One field of a protobuf message: a varint's bits, the bytes of a fixed number, or a length-delimited payload. */
export interface WireField {
  readonly number: number;
  /** Of wire type 0. */
  readonly varint: bigint;
  /** Of the other wire types. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/**
 * The fields of an encoded message in the order in which they stand.
 *
 * @see https://protobuf.dev/programming-guides/encoding
 * @throws RangeError when the bytes are no protobuf message.
 */
export function fieldsOf(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("A protobuf message ends within a number.");
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError("A protobuf message is shorter than it says.");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) {
      fields.push({ number, varint: varint(), bytes: NOTHING });
      continue;
    }
    const length = wireType === 2 ? Number(varint()) : FIXED[wireType];
    if (length === undefined) throw new RangeError(`Protobuf has no wire type ${wireType}.`);
    fields.push({ number, varint: 0n, bytes: take(length) });
  }
  return fields;
}

/** The value of an int64 or int32 field. */
export function toInt64(field: WireField | undefined): bigint {
  return BigInt.asIntN(64, field?.varint ?? 0n);
}

/** The value of a double field; 0 when it is left out. */
export function toDouble(field: WireField | undefined): number {
  if (field === undefined) return 0;
  const { bytes } = field;
  if (bytes.byteLength !== 8) throw new RangeError("A double has 8 bytes.");
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}
