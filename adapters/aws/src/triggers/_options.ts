/** Options of HTTP handlers. */
export interface RequestOptions {
  /**
   * A path that the front puts before the function's own, such as the base path of a custom domain. It is taken off on
   * a segment boundary before the path is matched.
   */
  readonly basePath?: string;
}

/** Options of handlers whose source hands over batches. */
export interface RecordOptions {
  /**
   * Whether the source takes a list of failed records, which is so once its mapping has `ReportBatchItemFailures`; true
   * by default. With false, one failure fails the whole batch.
   */
  readonly partialFailures?: boolean;
}

/** Options of `toLambda`; those that do not concern the function's trigger are passed over. */
export interface LambdaOptions extends RequestOptions, RecordOptions {
  /** Sends HTTP answers piece by piece, as `httpStreamHandler` does; false by default. */
  readonly streaming?: boolean;
}
