import { z } from "zod";

/** The application that every peer is given: one shop, the same answers. */
const Line = z.object({
  sku: z.string().min(1),
  quantity: z.int().positive(),
  price: z.number(),
  note: z.string().optional(),
});

/** An order, as the body of a POST. */
export const Order = z.object({ customer: z.string().min(1), email: z.email(), lines: z.array(Line) });

/** A message of the queue. */
export const Message = z.object({ sku: z.string().min(1), quantity: z.int().positive(), note: z.string() });

export type Order = z.infer<typeof Order>;
export type Message = z.infer<typeof Message>;

/** What a handler of the GET reads of its request. */
export interface OrderQuery {
  readonly shop: string | undefined;
  readonly id: string | undefined;
  readonly page: string | null | undefined;
  readonly agent: string | null | undefined;
  readonly session: string | undefined;
}

/** What the GET answers. */
export function showOrder({ shop, id, page, agent, session }: OrderQuery): object {
  return { shop, id, page: Number(page), agent, session, items: ["milk", "bread", "salt"], paid: true };
}

/** What the POST answers. */
export function placeOrder(shop: string | undefined, { customer, lines }: Order): object {
  const total = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  return { shop, customer, lines: lines.length, total };
}

/** What the POST of bytes answers: the same with the first byte turned over, which needs them decoded. */
export function invert(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const inverted = new Uint8Array(bytes);
  inverted[0] = 255 - (inverted[0] ?? 0);
  return inverted;
}

let shipped = 0;

/** What is done with a message; one whose sku says so cannot be done now. */
export function ship({ sku, quantity }: Message): void {
  if (sku === "sold-out") throw new Error("nothing left to ship");
  shipped += quantity;
}

/** How much was shipped, so that no compiler can leave the work out. */
export function shippedSoFar(): number {
  return shipped;
}

/** The cookies that the GET sets. */
export const cookies = {
  seen: "seen=yes; Path=/; HttpOnly",
  cart: "cart=a1b2; Path=/; Secure; SameSite=Lax",
} as const;

/** Logs one failed message, as the reader of a dead-letter queue needs it; a peer that logs by itself does not call it. */
export function logFailure(id: string, error: unknown): void {
  const { name, message, stack } = error as Error;
  const line = { timestamp: new Date().toISOString(), level: "ERROR", message: "A message failed.", id };
  process.stdout.write(`${JSON.stringify({ ...line, error: { name, message, stack } })}\n`);
}
