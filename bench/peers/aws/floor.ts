import { cookies, invert, logFailure, Message, Order, placeOrder, ship, showOrder } from "../../cases/app.ts";
import type { Front, Handler, Peer } from "../../cases/peer.ts";

type Values = Readonly<Record<string, string | undefined>>;

interface RequestEvent {
  readonly path: string;
  readonly headers: Values;
  readonly cookies: readonly string[];
  readonly pathParameters: Values;
  readonly queryStringParameters: Values;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

interface Batch {
  readonly Records: ReadonlyArray<{ readonly messageId: string; readonly body: string }>;
}

const gets: Readonly<Record<Exclude<Front, "azure">, Handler>> = {
  v2: async (event: RequestEvent) => ({
    statusCode: 200,
    headers: { "content-type": "application/json", "x-order": event.pathParameters.id },
    cookies: wanted(event),
    body: show(event, event.pathParameters, readCookie(event.cookies, "session")),
  }),
  v1: async (event: RequestEvent) => ({
    statusCode: 200,
    headers: { "content-type": "application/json", "x-order": event.pathParameters.id },
    multiValueHeaders: { "set-cookie": wanted(event) },
    body: show(event, event.pathParameters, readCookie(event.headers.cookie?.split("; "), "session")),
  }),
  // A load balancer knows no path parameters.
  alb: async (event: RequestEvent) => {
    const { shop, id } = /^\/shops\/(?<shop>[^/]+)\/orders\/(?<id>[^/]+)$/.exec(event.path)?.groups ?? {};
    return {
      statusCode: 200,
      headers: { "content-type": "application/json", "x-order": id, "set-cookie": cookies.seen },
      body: show(event, { shop, id }, readCookie(event.headers.cookie?.split("; "), "session")),
    };
  },
};

const post: Handler = async (event: RequestEvent) => {
  const text = event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body;
  const order = Order.parse(JSON.parse(text));
  return {
    statusCode: 201,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(placeOrder(event.pathParameters.shop, order)),
  };
};

const binary: Handler = async (event: RequestEvent) => {
  const bytes = invert(Buffer.from(event.body, "base64"));
  return {
    statusCode: 200,
    headers: { "content-type": "image/png" },
    body: Buffer.from(bytes.buffer).toString("base64"),
    isBase64Encoded: true,
  };
};

const queue: Handler = async ({ Records }: Batch) => {
  const results = await Promise.allSettled(
    Records.map(async ({ body }) => ship(Message.parse(JSON.parse(body)))),
  );
  const batchItemFailures: object[] = [];
  results.forEach((result, index) => {
    if (result.status === "fulfilled") return;
    const itemIdentifier = Records[index]?.messageId ?? "";
    logFailure(itemIdentifier, result.reason);
    batchItemFailures.push({ itemIdentifier });
  });
  return { batchItemFailures };
};

/** What one writes by hand for one event of one front, and nothing that it does not need: the floor. */
export const peer: Peer = {
  get: (front) => gets[front as keyof typeof gets],
  post: () => post,
  binary: () => binary,
  queue: () => queue,
};

function show(
  { headers, queryStringParameters }: RequestEvent,
  { shop, id }: Values,
  session?: string,
): string {
  const { page } = queryStringParameters;
  return JSON.stringify(showOrder({ shop, id, page, agent: headers["user-agent"], session }));
}

function wanted({ queryStringParameters }: RequestEvent): string[] {
  return queryStringParameters.cart ? [cookies.seen, cookies.cart] : [cookies.seen];
}

function readCookie(list: readonly string[] | undefined, name: string): string | undefined {
  const found = list?.find((cookie) => cookie.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}
