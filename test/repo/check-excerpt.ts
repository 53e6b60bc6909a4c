import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { writeSection } from "../support/readme.ts";

const root = join(import.meta.dirname, "../..");
const COMMAND = ["check", "--target", "aws,azure,gcp"];

/** What the built command line says about the functions at the top of the README. */
export function checkExcerpt(): string {
  const output = execFileSync(
    process.execPath,
    [join(root, "packages/cli/bin/anyfn.js"), ...COMMAND, "--cwd", join(root, "examples/readme")],
    { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
  );
  return `\`\`\`text\n$ npx anyfn ${COMMAND.join(" ")}\n${output}\`\`\`\n`;
}

if (import.meta.main) writeSection("check", checkExcerpt());
