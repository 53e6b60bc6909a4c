import { defineFunction, http, reply } from "@anyfn/core";

export const streamed = defineFunction({
  trigger: http.get("/streamed"),
  handler: () =>
    reply(events(3), {
      status: 203,
      headers: { "content-type": "text/event-stream" },
      cookies: [
        { name: "a", value: "1", path: "/" },
        { name: "b", value: "2", path: "/" },
      ],
    }),
});

export const moved = defineFunction({
  trigger: http.get("/moved"),
  handler: () => reply(undefined, { status: 302, headers: { location: "/streamed" } }),
});

export const broken = defineFunction({
  trigger: http.get("/broken"),
  handler: () => reply(thenBreak(), { headers: { "content-type": "text/plain" } }),
});

async function* events(count: number): AsyncGenerator<string> {
  for (let number = 1; number <= count; number++) {
    if (number > 1) await new Promise((resolve) => setTimeout(resolve, 100));
    yield `data: ${number}\n\n`;
  }
}

async function* thenBreak(): AsyncGenerator<string> {
  yield "the first half";
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error("the source broke");
}
