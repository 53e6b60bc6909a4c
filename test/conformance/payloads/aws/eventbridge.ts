/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export function ruleEvent(detail: unknown, change: object = {}): object {
  return {
    version: "0",
    id: "e-1",
    "detail-type": "order.placed",
    source: "shop.orders",
    account: "123456789012",
    time: "2026-03-01T10:00:00Z",
    region: "eu-west-1",
    resources: ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders"],
    ...(detail === undefined ? {} : { detail }),
    ...change,
  };
}
