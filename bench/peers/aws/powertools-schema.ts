import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { parser } from "@aws-lambda-powertools/batch/parser";
import { logFailure, Message, ship } from "../../cases/app.ts";
import type { Peer } from "../../cases/peer.ts";

interface Parsed {
  readonly messageId: string;
  readonly body: Message;
}

const silent = { debug() {}, warn() {}, error() {} };

/** Powertools' batch processor with the schema given to it, as its documentation shows. */
export const peer: Peer = {
  queue: () => {
    const processor = new BatchProcessor(EventType.SQS, {
      parser,
      innerSchema: Message,
      transformer: "json",
      logger: { ...silent, warn: (message: string) => logFailure("", new Error(message)) },
    });
    const record = async ({ messageId, body }: Parsed): Promise<void> => {
      try {
        ship(body);
      } catch (error) {
        logFailure(messageId, error);
        throw error;
      }
    };
    return (event, context) => processPartialResponse(event, record as never, processor, { context });
  },
};
