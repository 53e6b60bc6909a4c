import { pathToFileURL } from "node:url";

/**
 * Imports a module of the user's, which must not take over the process that builds it: what it prints goes to stderr,
 * since stdout is for results, and what would end the process is an error.
 */
export async function importGuarded(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { exit } = process;
  const { write } = process.stdout;
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const stall = () => reject(new Error("It waits for something that never comes."));
  // Emitted when nothing is left that could go on; Node would end now, and not say why.
  process.once("beforeExit", stall);
  process.exit = (code) => {
    throw new Error(`It calls process.exit(${code ?? ""}).`);
  };
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    return await Promise.race([import(pathToFileURL(file).href), stalled]);
  } finally {
    process.off("beforeExit", stall);
    process.exit = exit;
    process.stdout.write = write;
  }
}
