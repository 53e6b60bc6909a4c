/** One header line, the name as it was sent; a name may occur on several lines. */
export type HeaderLine = readonly [name: string, value: string];

/** An HTTP request as a client writes it, before any provider has seen it. */
export interface PlainRequest {
  readonly method: string;
  /** Absolute URL, or a path with its query. Never normalised: `/a%2Fb` and `//x` arrive as written. */
  readonly url: string;
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly body?: Uint8Array | undefined;
}

/** An HTTP answer as a client reads it: header names in lower case, one entry per line, the body as bytes. */
export interface PlainResponse {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

/** Bytes that arrived together. */
export interface TimedChunk {
  readonly bytes: Uint8Array;
  /** Milliseconds since the request was sent. */
  readonly atMs: number;
}

/** An answer that also tells when its bytes arrived, and whether it came to its proper end. */
export interface TimedResponse extends PlainResponse {
  readonly chunks: readonly TimedChunk[];
  /** False when the connection broke before the body was complete. */
  readonly complete: boolean;
}

/** Sends a plain request through the provider's front to a running artifact: the one way to drive every target. */
export type Front = (request: PlainRequest) => Promise<TimedResponse>;

/**
 * An emitted artifact, running on the provider's own run-time code in a child process.
 *
 * @example
 * await using host = await startLambda(dir);
 * const answer = await host.invoke(event);
 */
export interface Host<Native, Answer, Options = undefined> extends AsyncDisposable {
  /** The provider's word: `aws`, `azure`, `gcp` or `node`. */
  readonly target: string;
  /** Hands over one native event or request, and returns what the provider would see come back. */
  invoke(native: Native, options?: Options): Promise<Answer>;
  /** Everything the process has written so far, stdout and stderr in order of arrival. */
  logs(): string;
  /** Waits for output that matches: what a handler wrote may be read a moment later than its answer. */
  logged(pattern: RegExp): Promise<string>;
  /** Ends the process; safe to call twice. */
  close(): Promise<void>;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A host that is an HTTP server. */
export interface HttpHost extends Host<PlainRequest, TimedResponse> {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  /** The same as `invoke`, usable as a {@link Front}. */
  readonly request: Front;
  /** Settles when the process ends, whatever the reason. */
  readonly exited: Promise<Exit>;
  /** Sends `SIGTERM` as a platform does before it takes an instance away, and waits for the end. */
  terminate(): Promise<Exit>;
}
