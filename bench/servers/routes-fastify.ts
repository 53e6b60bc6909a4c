import fastify from "fastify";

const app = fastify();
for (let index = 0; index < Number(process.env.BENCH_ROUTES); index++) {
  app.get<{ Params: { id: string } }>(`/api/things${index}/:id`, async ({ params }) => ({
    index,
    id: params.id,
  }));
}
await app.listen({ port: 0 });
