import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { cookies, Order, placeOrder, showOrder } from "../cases/app.ts";

/** The floor: `node:http` and what one writes by hand for two routes. */
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const get = /^\/shops\/([^/]+)\/orders\/([^/]+)$/.exec(pathname);
  const post = /^\/shops\/([^/]+)\/orders$/.exec(pathname);
  if (request.method === "GET" && get) getOrder(request, response, get, searchParams);
  else if (request.method === "POST" && post) postOrder(request, response, post[1]);
  else response.writeHead(404).end();
}).listen(0);

function getOrder(
  { headers }: IncomingMessage,
  response: ServerResponse,
  [, shop, id = ""]: readonly string[],
  query: URLSearchParams,
): void {
  const found = headers.cookie?.split("; ").find((cookie) => cookie.startsWith("session="));
  const session = found && decodeURIComponent(found.slice("session=".length));
  const page = query.get("page");
  const body = JSON.stringify(showOrder({ shop, id, page, agent: headers["user-agent"], session }));
  response
    .writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-order": id,
      "set-cookie": query.has("cart") ? [cookies.seen, cookies.cart] : [cookies.seen],
    })
    .end(body);
}

function postOrder(request: IncomingMessage, response: ServerResponse, shop: string | undefined): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const order = Order.parse(JSON.parse(Buffer.concat(chunks).toString()));
    const body = JSON.stringify(placeOrder(shop, order));
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    response.writeHead(201, headers).end(body);
  });
}
