import { type Failure, notRun, type Outcome } from "./outcome.ts";

/**
 * The group within which an event is ordered; undefined for one that stands alone. Where an error stands in the place
 * of the event, only its index tells its group.
 */
export type GroupOf<Event> = (event: Event, index: number) => string | undefined;

/** Indexes by group, in order of arrival; events without a key stand alone. */
export function groupIndexes<Event>(events: readonly (Event | Error)[], groupOf: GroupOf<Event>): number[][] {
  const groups: number[][] = [];
  const byKey = new Map<string, number[]>();
  for (const [index, event] of events.entries()) {
    const key = groupOf(event as Event, index);
    const group = key === undefined ? undefined : byKey.get(key);
    if (group !== undefined) {
      group.push(index);
      continue;
    }
    const started = [index];
    groups.push(started);
    if (key !== undefined) byKey.set(key, started);
  }
  return groups;
}

/** Fails what lies behind a failure of its group, since nothing there may count as done or run. */
export function stopGroups<Event>(
  outcomes: Outcome[],
  events: readonly (Event | Error)[],
  groupOf: GroupOf<Event> | undefined,
): void {
  if (groupOf === undefined || outcomes.every((outcome) => outcome === undefined)) return;
  const failed = new Map<string, Failure>();
  for (const [index, event] of events.entries()) {
    const key = groupOf(event as Event, index);
    if (key === undefined) continue;
    const first = failed.get(key);
    const outcome = outcomes[index];
    if (first !== undefined) outcomes[index] ??= notRun(first);
    else if (outcome !== undefined) failed.set(key, outcome);
  }
}
