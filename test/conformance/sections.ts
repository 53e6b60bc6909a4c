/** A group of traps; the letter begins their ids. */
export interface Section {
  readonly letter: string;
  readonly title: string;
  /** How many traps it has, numbered from 1. */
  readonly traps: number;
}

/** What the suite is about, in order. */
export const SECTIONS: readonly Section[] = [
  { letter: "D", title: "Payload detection", traps: 14 },
  { letter: "R", title: "HTTP requests", traps: 44 },
  { letter: "S", title: "HTTP answers", traps: 25 },
  { letter: "T", title: "Streaming", traps: 10 },
  { letter: "W", title: "WebSocket", traps: 5 },
  { letter: "Q", title: "Queues", traps: 21 },
  { letter: "E", title: "Topics and event buses", traps: 16 },
  { letter: "C", title: "Schedules", traps: 10 },
  { letter: "O", title: "Object storage", traps: 12 },
  { letter: "B", title: "Database changes", traps: 13 },
  { letter: "L", title: "Streams and logs", traps: 11 },
  { letter: "X", title: "Context, concurrency, errors", traps: 12 },
  { letter: "Z", title: "Security", traps: 8 },
];

/** The title of a case's section. @throws Error for an id of no section. */
export function sectionOf(id: string): string {
  const section = SECTIONS.find(({ letter }) => id.startsWith(letter));
  if (section === undefined) throw new Error(`No section has the id ${id}.`);
  return section.title;
}
