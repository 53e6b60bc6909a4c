interface Event {
  readonly pathParameters: { readonly name: string };
}

export const handler = async ({ pathParameters }: Event): Promise<object> => ({
  statusCode: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ hello: pathParameters.name }),
});
