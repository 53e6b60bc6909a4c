import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { LambdaContext } from "@anyfn/aws";
import type { HeaderLine } from "../../runtimes/hosts/host.ts";
import { type Arriving, arriving } from "./arriving.ts";

interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
}

type StreamHandler = (event: unknown, stream: PassThrough, context: LambdaContext) => Promise<void>;

/**
 * The global of Lambda's run time, which keeps status and headers back until the first write. The genuine one, which ends
 * at a socket, is in the tests of emitted artifacts.
 */
const awslambda = {
  streamifyResponse: (handler: StreamHandler) => handler,
  HttpResponseStream: {
    from(stream: PassThrough, prelude: Prelude) {
      const { write } = stream;
      stream.write = (...chunk: unknown[]) => {
        stream.write = write;
        stream.emit("prelude", JSON.parse(JSON.stringify(prelude)));
        return Reflect.apply(write, stream, chunk);
      };
      return stream;
    },
  },
};

/** Does something as on Lambda, whose global is read while a handler is made and when it answers. */
export function provideStreaming(): void {
  Object.assign(globalThis, { awslambda });
}

/** Takes it away again. */
export function withdrawStreaming(): void {
  Reflect.deleteProperty(globalThis, "awslambda");
}

/** Runs a streaming handler, whose failure breaks its answer off. */
export async function openLambda(
  handler: unknown,
  event: unknown,
  context: LambdaContext,
): Promise<Arriving> {
  const stream = new PassThrough();
  const begun = once(stream, "prelude");
  const running = (handler as StreamHandler)(event, stream, context);
  running.catch((error: Error) => stream.destroy(error));
  const [{ statusCode, headers, cookies }] = (await Promise.race([begun, running.then(() => begun)])) as [
    Prelude,
  ];
  const lines: HeaderLine[] = [
    ...Object.entries(headers),
    ...cookies.map((cookie): HeaderLine => ["set-cookie", cookie]),
  ];
  return arriving(statusCode, lines, stream);
}
