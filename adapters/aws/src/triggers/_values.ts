/** The text of a member, undefined when it is absent or no text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The number of a member, undefined when it is absent or no number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** A count from 1, which some sources write as text. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

/** The time of a text, or undefined when it is none. */
export function dateOf(value: unknown): Date | undefined {
  return typeof value === "string" ? validDate(new Date(value)) : undefined;
}

/** The time of milliseconds since the epoch, or undefined when no date can hold it. */
export function dateOfMs(value: number): Date | undefined {
  return validDate(new Date(value));
}

function validDate(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The last part of an ARN, after its last colon or slash: the name that people use. */
export function nameOf(arn: unknown): string | undefined {
  return typeof arn === "string"
    ? arn.slice(Math.max(arn.lastIndexOf(":"), arn.lastIndexOf("/")) + 1)
    : undefined;
}
