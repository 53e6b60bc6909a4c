import { AnyfnError } from "./errors.ts";

interface Field {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly names: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIELDS: readonly Field[] = [
  { label: "minute", low: 0, high: 59, names: [] },
  { label: "hour", low: 0, high: 23, names: [] },
  { label: "day of month", low: 1, high: 31, names: [] },
  { label: "month", low: 1, high: 12, names: MONTHS },
  { label: "day of week", low: 0, high: 7, names: DAYS },
];

/** A part of a field: a range and the step through it. */
export interface CronRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A parsed expression; a field is undefined when it is `*`. */
export interface Cron {
  readonly minute: readonly CronRange[] | undefined;
  readonly hour: readonly CronRange[] | undefined;
  readonly dayOfMonth: readonly CronRange[] | undefined;
  readonly month: readonly CronRange[] | undefined;
  /** 0 to 7; both 0 and 7 are Sunday. */
  readonly dayOfWeek: readonly CronRange[] | undefined;
}

/**
 * Parses a five-field cron expression, the form of POSIX crontab with steps and English names.
 *
 * @throws AnyfnError `invalid-definition` naming the field at fault.
 */
export function parseCron(expression: string): Cron {
  const parts = typeof expression === "string" ? expression.trim().split(/\s+/) : [];
  if (parts.length !== 5) {
    throw invalid(
      expression,
      `it has ${parts.length} fields. Write five: minute, hour, day of month, month, day of week`,
    );
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = FIELDS.map((field, index) =>
    parseField(expression, field, parts[index] ?? ""),
  );
  return { minute, hour, dayOfMonth, month, dayOfWeek };
}

/**
 * The five fields in the form that every provider reads: no names, a range before each step, and days of the week as a
 * list of 0 to 6.
 */
export function writeCron({ minute, hour, dayOfMonth, month, dayOfWeek }: Cron): string {
  const days = dayOfWeek && [...new Set(dayOfWeek.flatMap(cronValues).map((day) => day % 7))];
  const fields = [minute, hour, dayOfMonth, month].map((ranges) => ranges?.map(writeRange).join(",") ?? "*");
  return [...fields, days?.sort().join(",") ?? "*"].join(" ");
}

/** The values that a part of a field stands for, in rising order. */
export function cronValues({ from, to, step }: CronRange): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function writeRange({ from, to, step }: CronRange): string {
  if (from === to) return String(from);
  return step === 1 ? `${from}-${to}` : `${from}-${to}/${step}`;
}

function parseField(expression: string, field: Field, text: string): readonly CronRange[] | undefined {
  if (text === "*") return undefined;
  return text.split(",").map((part) => parseRange(expression, field, part));
}

function parseRange(expression: string, field: Field, part: string): CronRange {
  const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
  const problem = `"${part}" is not a ${field.label}, ${field.low} to ${field.high}`;
  if (match === null) throw invalid(expression, problem);
  const [, start = "", end, by] = match;
  const step = by === undefined ? 1 : Number(by);
  const from = start === "*" ? field.low : numberOf(field, start);
  const last = start === "*" || (end === undefined && by !== undefined) ? field.high : from;
  const to = end === undefined ? last : numberOf(field, end);
  const inRange = from >= field.low && to <= field.high && from <= to && step >= 1;
  if (!inRange || (start === "*" && end !== undefined)) throw invalid(expression, problem);
  return { from, to, step };
}

function numberOf(field: Field, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = field.names.indexOf(text.toUpperCase());
  return index === -1 ? Number.NaN : index + field.low;
}

function invalid(expression: string, problem: string): AnyfnError {
  return new AnyfnError(
    "invalid-definition",
    `"${expression}" is not a cron expression: ${problem}. Example: "0 2 * * MON-FRI".`,
  );
}
