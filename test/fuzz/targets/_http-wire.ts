/** One answer as it came over a connection. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [string, string]>;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** The final answers on a connection that has ended, or what is wrong with them. */
export function readAnswers(text: string, isHead: boolean): WireAnswer[] | string {
  const answers: WireAnswer[] = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    const [first = "", ...lines] = rest.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/.exec(first)?.[1]);
    if (end === -1 || Number.isNaN(status))
      return `the answer begins with ${JSON.stringify(rest.slice(0, 80))}`;
    rest = rest.slice(end + 4);
    const pairs = lines.map((line) => splitLine(line));
    const isCookie = ([name]: readonly [string, string]): boolean => name.toLowerCase() === "set-cookie";
    if (status < 200) continue;
    const headerOf = (wanted: string) => pairs.find(([name]) => name.toLowerCase() === wanted)?.[1];
    const length = Number(headerOf("content-length") ?? 0);
    // Node's own answers have an empty body in chunks.
    if (headerOf("transfer-encoding") !== undefined && rest.startsWith("0\r\n\r\n")) rest = rest.slice(5);
    const body = isHead || status === 304 ? "" : rest.slice(0, length);
    if (!isHead && status !== 304 && body.length < length) return "the body is shorter than it says";
    rest = rest.slice(body.length);
    answers.push({
      status,
      headers: pairs.filter((pair) => !isCookie(pair)),
      cookies: pairs.filter(isCookie).map(([, value]) => value),
      body,
    });
  }
  return answers;
}

function splitLine(line: string): readonly [string, string] {
  const colon = line.indexOf(": ");
  return colon === -1 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 2)];
}
