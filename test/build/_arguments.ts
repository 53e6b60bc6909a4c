type Body = { readonly [name: string]: unknown };

/** What a table says against a body: arguments that nobody knows, and those that are missing. */
export function compareWith(table: string, body: Body, path: string): readonly string[] {
  return compare(body, parseArguments(table), path);
}

interface Arguments {
  readonly [name: string]: { readonly required: boolean; readonly inner: Arguments };
}

function parseArguments(table: string): Arguments {
  const tokens = table.match(/\w+!?|[{}]/g) ?? [];
  const readInner = (): Arguments => {
    tokens.shift();
    return readAll();
  };
  const readAll = (): Arguments => {
    const known: Record<string, Arguments[string]> = {};
    for (let token = tokens.shift(); token !== undefined && token !== "}"; token = tokens.shift()) {
      const inner = tokens[0] === "{" ? readInner() : {};
      known[token.replace("!", "")] = { required: token.endsWith("!"), inner };
    }
    return known;
  };
  return readAll();
}

function compare(body: Body, known: Arguments, path: string): readonly string[] {
  const missing = Object.keys(known).filter((name) => known[name]?.required && !(name in body));
  return [
    ...missing.map((name) => `${path} lacks ${name}`),
    ...Object.entries(body).flatMap(([name, value]) => {
      const argument = known[name];
      if (argument === undefined) return [`${path} has no ${name}`];
      if (Object.keys(argument.inner).length === 0) return [];
      const items: readonly Body[] = Array.isArray(value) ? value : [value as Body];
      return items.flatMap((item) => compare(item, argument.inner, `${path}.${name}`));
    }),
  ];
}
