const TOPIC = "arn:aws:sns:eu-west-1:123456789012:shipments";
const SUBSCRIPTION = `${TOPIC}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`;

/** What direct deliveries and the envelope in a queue have in common. */
function notification(message: string): object {
  return {
    Type: "Notification",
    MessageId: "5d0e2f1c-7a43-5b9e-8f60-7c1a9e3b2d44",
    TopicArn: TOPIC,
    Subject: null,
    Message: message,
    Timestamp: "2026-03-01T10:00:00.123Z",
    SignatureVersion: "1",
    Signature: "EXAMPLEpH+DcEwjAPg8O9mY8dReBSwksfg2S7WKQcikcNKWLQjwu6A4VbeS0QHVCkhRS7fUQvi2eg==",
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function snsRecord(message: string, change: object = {}): object {
  return {
    EventVersion: "1.0",
    EventSubscriptionArn: SUBSCRIPTION,
    EventSource: "aws:sns",
    Sns: {
      ...notification(message),
      SigningCertUrl: "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
      UnsubscribeUrl: "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
      MessageAttributes: {},
      ...change,
    },
  };
}

/**
 * The body of an SQS message without raw delivery, its URLs in other letters than those of a direct delivery, and no
 * members that would be empty.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
export function snsEnvelope(message: string, change: object = {}): string {
  const { Subject, ...rest } = notification(message) as { readonly Subject?: unknown };
  const envelope = {
    ...rest,
    SigningCertURL: "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    UnsubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
    ...change,
  };
  return JSON.stringify(envelope, null, 2);
}

/** What SNS posts to an HTTP endpoint before its first message. */
export function snsConfirmation(): object {
  return {
    Type: "SubscriptionConfirmation",
    MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
    Token: "2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92",
    TopicArn: TOPIC,
    Message:
      "You have chosen to subscribe to the topic. To confirm, visit the SubscribeURL included in this message.",
    SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
    Timestamp: "2026-03-01T10:00:00.123Z",
    SignatureVersion: "1",
    Signature: "EXAMPLEpH+DcEwjAPg8O9mY8dReBSwksfg2S7WKQcikcNKWLQjwu6A4VbeS0QHVCkhRS7fUQvi2eg==",
    SigningCertURL: "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
  };
}
