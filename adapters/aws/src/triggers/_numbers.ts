/**
 * A decimal text as an exact value: a number where one can hold it, a bigint for a larger integer, and the text itself
 * for a decimal that no double can hold or for no number at all.
 */
export function exactNumber(text: string): number | bigint | string {
  // No database has numbers as long as this, and to work on their digits would take for ever.
  if (typeof text !== "string" || text.length > MOST_DIGITS) return text;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  const parts = decimalParts(text);
  if (parts === undefined) return text;
  const { sign, digits, exponent } = parts;
  if (exponent >= 0) {
    const integer = BigInt(`${sign}${digits}${"0".repeat(exponent)}`);
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  }
  const number = Number(text);
  const back = decimalParts(String(number));
  const isExact = back?.digits === digits && back.exponent === exponent && back.sign === sign;
  return isExact ? number : text;
}

const MOST_DIGITS = 400;

interface Decimal {
  readonly sign: string;
  /** Without zeros at either end. */
  readonly digits: string;
  readonly exponent: number;
}

function decimalParts(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = match;
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return { sign: "", digits: "0", exponent: 0 };
  const exponent = Number(power) - fraction.length + (all.length - digits.length);
  return { sign: sign === "-" ? "-" : "", digits, exponent };
}
