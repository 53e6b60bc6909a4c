import { type Answer, answerOf, failedIds } from "./answers.ts";
import { cookies, invert, Order, placeOrder, showOrder } from "./app.ts";
import { bytesOf, orderOf } from "./bodies.ts";
import { reviveAzure, type Sent, toEvent } from "./events.ts";
import type { Front, Kind, Platform } from "./peer.ts";
import { badIds, toBatch } from "./queue.ts";

/** One thing to do, the same for every peer. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly platform: Platform;
  readonly kind: Kind;
  readonly front: Front;
  /** How many units it has, such as messages, where the cost of one is of interest. */
  readonly units: number;
  /** The event as JSON, parsed anew for each call as the run time does. */
  readonly event: string;
  /** What the channel to the function does with the parsed event, where JSON cannot say it. */
  revive?(event: unknown): unknown;
  /** Throws when what the handler returned is not the right answer. */
  check(returned: unknown): void;
}

const KB = 1024;
const MB = 1024 * KB;

/** What is timed in one process, without a network. */
export const works: readonly Work[] = [
  getWork("v2", "API Gateway v2, GET"),
  getWork("v1", "API Gateway v1, GET"),
  getWork("alb", "Load balancer, GET"),
  postWork("post-1k", "POST of 1 KB of JSON", KB),
  postWork("post-64k", "POST of 64 KB of JSON", 64 * KB),
  postWork("post-1m", "POST of 1 MB of JSON", MB),
  binaryWork("binary-64k", "POST of 64 KB of bytes", 64 * KB),
  queueWork("sqs-10", "SQS, 10 messages", 10, false),
  queueWork("sqs-10-bad", "SQS, 10 messages, 1 fails", 10, true),
  queueWork("sqs-1000", "SQS, 1,000 messages", 1000, false),
  queueWork("sqs-1000-bad", "SQS, 1,000 messages, 100 fail", 1000, true),
  getWork("azure", "Azure Functions, GET"),
  postWork("azure-post-1k", "Azure Functions, POST of 1 KB", KB, "azure"),
];

/** A work by its id; growth makes ids such as `post-65536` and `sqs-100`. */
export function findWork(id: string): Work {
  const found = works.find((work) => work.id === id) ?? grown(id);
  if (found === undefined) throw new Error(`There is no work "${id}".`);
  return found;
}

function grown(id: string): Work | undefined {
  const [, kind, digits] = /^(post|binary|sqs)-(\d+)b?$/.exec(id) ?? [];
  const size = Number(digits);
  if (kind === "post") return postWork(id, `POST of ${size} bytes of JSON`, size);
  if (kind === "binary") return binaryWork(id, `POST of ${size} bytes`, size);
  return kind === "sqs" ? queueWork(id, `SQS, ${size} messages`, size, false) : undefined;
}

/** A GET with 20 headers, 3 cookies, 2 path parameters and a query, answered with 2 cookies where the front can. */
export function getWork(front: Front, title: string): Work {
  const wanted = { shop: "north", id: "4711", page: "2" };
  const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const body = showOrder({ ...wanted, agent, session: "s3cr3t-0123456789abcdef" });
  // A load balancer without multi-value headers carries one cookie.
  const query = front === "alb" ? { page: "2" } : { page: "2", cart: "keep" };
  return httpWork(`${front}-get`, title, "get", front, {
    sent: { method: "GET", path: "/shops/north/orders/4711", params: { shop: "north", id: "4711" }, query },
    answer: {
      status: 200,
      type: /^application\/json/,
      headers: { "x-order": "4711" },
      cookies: cookiesOf(front),
      body: Buffer.from(JSON.stringify(body)),
    },
  });
}

/** A POST of an order of so many bytes, validated. */
export function postWork(id: string, title: string, size: number, front: Front = "v2"): Work {
  const body = orderOf(size);
  const answer = placeOrder("north", Order.parse(JSON.parse(body)));
  return httpWork(id, title, "post", front, {
    sent: {
      ...{ method: "POST", path: "/shops/north/orders", params: { shop: "north" }, query: {} },
      ...{ contentType: "application/json", body },
    },
    answer: {
      status: 201,
      type: /^application\/json/,
      headers: {},
      cookies: [],
      body: Buffer.from(JSON.stringify(answer)),
    },
  });
}

/** A POST of so many bytes, answered with as many. */
export function binaryWork(id: string, title: string, size: number): Work {
  const bytes = bytesOf(size);
  return httpWork(id, title, "binary", "v2", {
    sent: {
      ...{ method: "POST", path: "/images", params: {}, query: {} },
      ...{ contentType: "image/png", body: bytes.toString("base64"), base64: true },
    },
    answer: { status: 200, type: /^image\/png/, headers: {}, cookies: [], body: Buffer.from(invert(bytes)) },
  });
}

/** An SQS batch; one in ten fails where `bad`. */
export function queueWork(id: string, title: string, size: number, bad: boolean): Work {
  const expected = bad ? badIds(size) : [];
  return {
    ...{ id, title, platform: "aws", kind: "queue", front: "v2", units: size },
    event: JSON.stringify(toBatch(size, bad)),
    check: (returned) => expectSame("failed messages", failedIds(returned), expected),
  };
}

interface Expected extends Omit<Answer, "type"> {
  readonly type: RegExp;
}

function httpWork(
  id: string,
  title: string,
  kind: Kind,
  front: Front,
  { sent, answer: expected }: { readonly sent: Sent; readonly answer: Expected },
): Work {
  const azure = front === "azure";
  return {
    ...{ id, title, platform: azure ? "azure" : "aws", kind, front, units: 1 },
    ...(azure && { revive: reviveAzure }),
    event: JSON.stringify(toEvent[front](sent)),
    check: (returned) => {
      const answer = answerOf(returned, front);
      expectSame("status", answer.status, expected.status);
      if (!expected.type.test(answer.type)) throw new Error(`content-type is "${answer.type}"`);
      for (const [name, value] of Object.entries(expected.headers)) {
        expectSame(name, answer.headers[name], value);
      }
      expectSame("cookies", answer.cookies, expected.cookies);
      if (!answer.body.equals(expected.body)) {
        throw new Error(`the body is other: ${answer.body.length} bytes for ${expected.body.length}`);
      }
    },
  };
}

function cookiesOf(front: Front): string[] {
  if (front === "alb") return [cookies.seen];
  // The host writes cookies from their parts, in its own order and case.
  if (front === "azure") return ["seen=yes; path=/; httponly", "cart=a1b2; path=/; secure; samesite=lax"];
  return [cookies.seen, cookies.cart];
}

function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is?.slice(0, 120)} for ${should?.slice(0, 120)}`);
}
