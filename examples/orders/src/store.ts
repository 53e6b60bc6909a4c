import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Order } from "./model.ts";

/**
 * Orders as files, so that the example needs no account anywhere. A real application puts its database here; nothing
 * else in it changes.
 */
function folder(): string {
  return process.env.ORDERS_DIR ?? join(tmpdir(), "anyfn-orders");
}

function fileOf(id: string): string {
  return join(folder(), `${encodeURIComponent(id)}.json`);
}

/** Stores an order under its id. */
export async function saveOrder(order: Order): Promise<void> {
  await mkdir(folder(), { recursive: true });
  await writeFile(fileOf(order.id), JSON.stringify(order));
}

/** The order, or undefined when there is none of this id. */
export async function findOrder(id: string): Promise<Order | undefined> {
  try {
    return Order.parse(JSON.parse(await readFile(fileOf(id), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** All orders, by id. */
export async function listOrders(): Promise<Order[]> {
  await mkdir(folder(), { recursive: true });
  const files = (await readdir(folder())).filter((file) => file.endsWith(".json")).sort();
  const orders = await Promise.all(
    files.map((file) => findOrder(decodeURIComponent(file.slice(0, -".json".length)))),
  );
  return orders.filter((order) => order !== undefined);
}
