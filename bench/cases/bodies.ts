/** An order of about so many bytes of JSON. */
export function orderOf(bytes: number): string {
  const order = { customer: "Lea Muster", email: "lea@example.com", lines: [] as object[] };
  const line = (index: number): object => ({
    sku: `sku-${index}`,
    quantity: 1 + (index % 9),
    price: (index % 100) / 4,
    note: "gift wrapped, no receipt",
  });
  for (let size = 60; size < bytes; size += JSON.stringify(order.lines.at(-1)).length + 1) {
    order.lines.push(line(order.lines.length));
  }
  return JSON.stringify(order);
}

/** So many bytes that are no text in any encoding. */
export function bytesOf(length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (state * 48271) % 2147483647;
    bytes[index] = state;
  }
  return bytes;
}
