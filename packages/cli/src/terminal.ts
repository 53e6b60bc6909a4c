import { createInterface } from "node:readline/promises";

/** Where a command writes. Only `main.ts` makes one that prints. */
export interface Terminal {
  /** Writes a line of the result. */
  readonly print: (line: string) => void;
  /** Writes a line about what goes on, whose place the next one takes; nothing where nobody watches. */
  readonly progress: (line: string) => void;
  /** Writes a line about what goes on that stays. */
  readonly note: (line: string) => void;
  /** Writes an error. */
  readonly error: (message: string) => void;
  /** Asks a person, whose answer is undefined when there is none; absent where nobody can answer. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Whether somebody watches what goes on. */
  readonly isLive: boolean;
  /** Whether colours are wanted. */
  readonly color: boolean;
}

/** A stream of the process, as far as it is used here. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/** A stream that a person may answer on. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Results go to `stdout`, what goes on to `stderr`, so that the result can be piped. */
export function createTerminal(
  stdout: Output,
  stderr: Output,
  env: Readonly<Record<string, string | undefined>>,
  stdin?: Input,
): Terminal {
  const isLive = stderr.isTTY === true && env.TERM !== "dumb" && !env.CI;
  // An empty NO_COLOR counts as unset: https://no-color.org
  const hasColor = ({ isTTY = false }: Output): boolean => isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  let isPending = false;
  let isAsking = false;
  const clear = () => {
    if (isPending) stderr.write("\r\u001b[2K");
    isPending = false;
    if (isAsking) stderr.write("\n");
    isAsking = false;
  };
  const canAnswer = stdin?.isTTY === true && stderr.isTTY === true;
  return {
    isLive,
    color: hasColor(stdout),
    ...(canAnswer && {
      ask: async (question) => {
        clear();
        stderr.write(`${question} `);
        isAsking = true;
        const answer = await readLine(stdin);
        // What was typed has ended the line.
        if (answer !== undefined) isAsking = false;
        return answer;
      },
    }),
    print: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    progress: (line) => {
      if (!isLive) return;
      clear();
      stderr.write(line.slice(0, (stderr.columns || 80) - 1));
      isPending = true;
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    error: (message) => {
      clear();
      stderr.write(`${paint({ color: hasColor(stderr) }, "red", "error:")} ${message}\n`);
    },
  };
}

/** Text in a colour, or as it is. */
export function paint(terminal: Pick<Terminal, "color">, color: keyof typeof CODES, text: string): string {
  return terminal.color ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** The next line that is typed; undefined at the end of the input. It is the terminal that edits, so that Ctrl-C stays a signal. */
async function readLine(stdin: Input): Promise<string | undefined> {
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
  }
}
