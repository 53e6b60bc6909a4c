/** Where a command writes. Only `main.ts` makes one that prints. */
export interface Terminal {
  /** Writes a line of the result. */
  readonly print: (line: string) => void;
  /** Writes a line about what goes on, whose place the next one takes; nothing where nobody watches. */
  readonly progress: (line: string) => void;
  /** Writes an error. */
  readonly error: (message: string) => void;
  /** Whether colours are wanted. */
  readonly color: boolean;
}

/** A stream of the process, as far as it is used here. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/** Results go to `stdout`, what goes on to `stderr`, so that the result can be piped. */
export function createTerminal(
  stdout: Output,
  stderr: Output,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isLive = stderr.isTTY === true && env.TERM !== "dumb" && !env.CI;
  // An empty NO_COLOR counts as unset: https://no-color.org
  const hasColor = ({ isTTY = false }: Output): boolean => isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  let isPending = false;
  const clear = () => {
    if (isPending) stderr.write("\r\u001b[2K");
    isPending = false;
  };
  return {
    color: hasColor(stdout),
    print: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    progress: (line) => {
      if (!isLive) return;
      clear();
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1));
      isPending = true;
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
