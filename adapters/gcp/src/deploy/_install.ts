import { deployError } from "./_errors.ts";

/** Installs the clients that deploying needs, and nothing else does. */
export const INSTALL = "npm install --save-dev @google-cloud/functions@5.1.0 google-auth-library@10.9.1";

/** Loads a client. @throws AnyfnError `deploy` with the command that installs it. */
export async function installed<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    throw deployError(
      `Deploying to Google Cloud needs its clients (${message.split("\n")[0]}). Install them: ${INSTALL}`,
    );
  }
}
