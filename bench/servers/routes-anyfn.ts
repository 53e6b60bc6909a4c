import { defineFunction, http } from "@anyfn/core";
import { createServer } from "@anyfn/node";

const count = Number(process.env.BENCH_ROUTES);
const functions = Array.from(
  { length: count },
  (_, index) =>
    [
      `route${index}`,
      defineFunction({
        trigger: http.get(`/api/things${index}/{id}`),
        handler: ({ params }) => ({ index, id: params.id }),
      }),
    ] as const,
);
await createServer(Object.fromEntries(functions)).listen(0);
