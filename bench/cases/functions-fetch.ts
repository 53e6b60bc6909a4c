import { defineFunction, http } from "@anyfn/core";
import { cookies, showOrder } from "./app.ts";

/** The GET for those who want WHATWG's `Request` and `Response`: anyfn makes them when they are asked for. */
export const getOrder = defineFunction({
  trigger: http.get("/shops/{shop}/orders/{id}"),
  handler: ({ params: { shop, id }, request, cookies: { session } }) => {
    const query = new URL(request.url).searchParams;
    const agent = request.headers.get("user-agent");
    const answer = Response.json(showOrder({ shop, id, page: query.get("page"), agent, session }), {
      headers: { "x-order": id },
    });
    answer.headers.append("set-cookie", cookies.seen);
    if (query.has("cart")) answer.headers.append("set-cookie", cookies.cart);
    return answer;
  },
});
