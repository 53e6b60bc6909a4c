/** What the process says about one artifact. */
export interface Loaded {
  /** What the adapter found. */
  readonly problem?: string | undefined;
  /** Stack of what the artifact threw while it was loaded. */
  readonly error?: string | undefined;
}

/**
 * The program that loads artifacts, one after another, and reports each. It is written beside them, and must not depend on
 * anything that is installed here.
 */
export const WORKER = `import { pathToFileURL } from "node:url";

let before = Promise.resolve();
process.on("message", (message) => {
  // From now on only what a module waits for keeps the process; what never comes does not.
  if (message === "end") process.channel.unref();
  before = before.then(() => (message === "end" ? end() : load(message)));
});

async function load({ file, functions, verify }) {
  try {
    const loaded = await import(pathToFileURL(file).href);
    // What the module left for the next turn belongs to it, too.
    await new Promise(setImmediate);
    process.send({ problem: (0, eval)(\`(\${verify})\`)(loaded, functions) });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.stack : String(error) });
  }
}

function end() {
  process.disconnect();
  setImmediate(() => process.exit());
}
`;
