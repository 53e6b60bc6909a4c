/** How many requests go on at once: services throttle more. */
const AT_ONCE = 8;

/** Does something with each item, several at a time; results are in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results.set(index, await run(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return items.map((_item, index) => results.get(index) as R);
}
