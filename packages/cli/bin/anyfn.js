#!/usr/bin/env node
// Stands here and not in dist, so that npm can link the command before the first build.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `error: anyfn needs Node.js 22.12 or newer, and this is ${process.version}. Install a newer one.`,
  );
  process.exit(1);
}
await import("../dist/main.js");
