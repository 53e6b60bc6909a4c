import { defineFunction, http } from "@anyfn/core";

export const received = defineFunction({
  trigger: http.post("/received"),
  timeout: 1,
  handler: async (event) => ({ length: (await event.bytes()).byteLength }),
});

/** More than the buffers between a server and its caller hold. */
export const large = defineFunction({
  trigger: http.get("/large"),
  timeout: 1,
  handler: () => new Uint8Array(64 * 1024 * 1024),
});

/** Pieces without end. */
export const endless = defineFunction({
  trigger: http.get("/endless"),
  timeout: 1,
  handler: () => pieces(),
});

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(1024 * 1024);
}

/** How many connections the process holds, this caller's own among them. */
export const connections = defineFunction({
  trigger: http.get("/connections"),
  timeout: 1,
  handler: () => ({
    open: process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length,
  }),
});
