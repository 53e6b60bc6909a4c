import { Order, placeOrder, showOrder } from "../../cases/app.ts";
import type { Peer } from "../../cases/peer.ts";

interface Invocation {
  readonly data: { readonly http: RpcHttp };
}
interface RpcHttp {
  readonly nullableHeaders: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableQuery: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableParams: Readonly<Record<string, { readonly value: string }>>;
  readonly body?: { readonly bytes: string };
}

/** The host's message answered by hand, without the library: what the library itself costs. Nobody can deploy it. */
export const peer: Peer = {
  get: () => async (invocation: Invocation) => {
    const { nullableHeaders: headers, nullableQuery: query, nullableParams: params } = invocation.data.http;
    const found = headers.cookie?.value.split("; ").find((cookie) => cookie.startsWith("session="));
    const session = found && decodeURIComponent(found.slice("session=".length));
    const id = params.id?.value ?? "";
    const read = { shop: params.shop?.value, id, page: query.page?.value, session };
    return {
      http: {
        statusCode: "200",
        headers: { "content-type": "application/json", "x-order": id },
        cookies: query.cart ? [seen, cart] : [seen],
        body: {
          bytes: Buffer.from(JSON.stringify(showOrder({ ...read, agent: headers["user-agent"]?.value }))),
        },
      },
    };
  },
  post: () => async (invocation: Invocation) => {
    const { nullableParams: params, body } = invocation.data.http;
    const order = Order.parse(JSON.parse(Buffer.from(body?.bytes ?? "").toString()));
    return {
      http: {
        statusCode: "201",
        headers: { "content-type": "application/json" },
        cookies: [],
        body: { bytes: Buffer.from(JSON.stringify(placeOrder(params.shop?.value, order))) },
      },
    };
  },
};

const seen = { name: "seen", value: "yes", path: { value: "/" }, httpOnly: { value: true } };
const cart = {
  name: "cart",
  value: "a1b2",
  path: { value: "/" },
  secure: { value: true },
  sameSite: "lax",
};
