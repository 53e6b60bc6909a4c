import { z } from "zod";

/** What a customer sends to place an order. */
export const NewOrder = z.object({
  customer: z.email(),
  items: z
    .array(z.object({ sku: z.string().min(1), quantity: z.int().positive().max(100) }))
    .min(1)
    .max(50),
});

/** An order as it is stored and shown. */
export const Order = NewOrder.extend({
  id: z.string(),
  status: z.enum(["placed", "fulfilled"]),
  totalCents: z.int(),
});

export type NewOrder = z.infer<typeof NewOrder>;
export type Order = z.infer<typeof Order>;

/** Price in cents and stock by article. A real shop asks its catalogue. */
export const CATALOGUE: Readonly<Record<string, { readonly cents: number; readonly stock: number }>> = {
  "tea-green": { cents: 790, stock: 40 },
  "tea-black": { cents: 690, stock: 0 },
  "cup-blue": { cents: 1250, stock: 12 },
};

/** Sum of an order in cents, or the article that is not sold here. */
export function priceOf(order: NewOrder): number | { readonly unknownSku: string } {
  let cents = 0;
  for (const { sku, quantity } of order.items) {
    const article = CATALOGUE[sku];
    if (article === undefined) return { unknownSku: sku };
    cents += article.cents * quantity;
  }
  return cents;
}
