/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html */
export function cloudFrontEvent(): object {
  return {
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: "d1234.cloudfront.test",
            distributionId: "E1EXAMPLE",
            eventType: "viewer-request",
            requestId: "4TyzHTaYWb1GX1qTfsHhEqV6HUDd",
          },
          request: {
            clientIp: "203.0.113.9",
            method: "GET",
            uri: "/it",
            querystring: "",
            headers: { host: [{ key: "Host", value: "shop.example" }] },
          },
        },
      },
    ],
  };
}
