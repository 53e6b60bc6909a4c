import { type AwsRequest, jsonError, type ServiceStub, xmlError } from "./aws-service.ts";
import type { ServerAnswer } from "./recording-server.ts";

/** JSON whose members a stand-in looks at without asking what they are. */
export type Loose = Readonly<Record<string, unknown>>;

/** What a service is asked for, by operation: its input, and its output. */
export type Operations = Readonly<Record<string, (input: Loose, request: AwsRequest) => Loose>>;

/** Thrown by an operation: the service's own error. */
export function refusal(name: string, status = 400, message = `It is a case of ${name}.`): Error {
  return Object.assign(new Error(message), { name, status });
}

/** What is there by its key, or the service's error. */
export function at<T>(all: ReadonlyMap<string, T>, key: unknown, name: string, status = 400): T {
  const found = all.get(String(key));
  if (found === undefined) throw refusal(name, status, `There is no ${key}.`);
  return found;
}

/** Two items from where a token says, and the token of the next ones: every listing has pages. */
export function paged<T>(all: Iterable<T>, token: unknown): readonly [page: readonly T[], next?: string] {
  const items = [...all];
  const from = Number(token ?? 0);
  return from + 2 < items.length
    ? [items.slice(from, from + 2), String(from + 2)]
    : [items.slice(from, from + 2)];
}

/** A service that takes and gives JSON by operation. */
export function createJsonStub(name: string, operations: Operations): ServiceStub {
  return {
    name,
    answer: (request) => {
      const operation = known(operations, request.operation);
      return answerWith(() => ({ body: operation(request.json, request) }), jsonError);
    },
  };
}

/** A service that takes forms and gives XML. */
export function createQueryStub(name: string, operations: Operations): ServiceStub {
  return {
    name,
    answer: (request) =>
      answerWith(() => {
        const { operation, form } = request;
        const result = toXml(known(operations, operation)(fromForm(form), request));
        const body = `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
        return { headers: { "content-type": "text/xml" }, body };
      }, xmlError),
  };
}

/** A request of a service with paths: the parts of the path that the pattern names, query and body as one. */
export type RestOperation = (input: Loose, request: AwsRequest) => Loose | ServerAnswer;

/** Answers by method and path: `GET /schedules/{Name}`. Null where no pattern fits. */
export function answerByPath(
  routes: Readonly<Record<string, RestOperation>>,
  request: AwsRequest,
): ServerAnswer | null {
  const asked = `${request.method} ${request.path}`;
  for (const [pattern, operation] of Object.entries(routes)) {
    const expression = pattern.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)").replaceAll("$default", "\\$default");
    const found = new RegExp(`^${expression}/?$`).exec(asked);
    if (found === null) continue;
    const input = { ...Object.fromEntries(request.query), ...request.json, ...found.groups };
    return answerWith(() => ({ body: operation(input, request) }), jsonError);
  }
  return null;
}

function answerWith(
  answer: () => ServerAnswer,
  toError: (status: number, name: string, message: string) => ServerAnswer,
): ServerAnswer {
  try {
    return answer();
  } catch (error) {
    const { name, message, status = 500 } = error as Error & { readonly status?: number };
    return toError(status, name, message);
  }
}

function known(operations: Operations, operation: string): NonNullable<Operations[string]> {
  return (
    operations[operation] ??
    (() => {
      throw refusal("NotImplemented", 501, operation);
    })
  );
}

/** `Tags.member.1.Key=a` as `{ Tags: [{ Key: "a" }] }`, and `Attributes.entry.1.key` as `{ Attributes: { … } }`. */
function fromForm(form: URLSearchParams): Loose {
  const input: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const [first = "", kind, index = "", field] = name.split(".");
    if (kind === undefined) input[first] = value;
    else if (kind === "entry") {
      const text = form.get(`${first}.entry.${index}.value`);
      if (field === "key") input[first] = { ...(input[first] as Loose), [value]: text };
    } else {
      const list = (input[first] ?? []) as readonly Loose[];
      const item = { ...list[Number(index) - 1], [field ?? ""]: value };
      input[first] = [...list.slice(0, Number(index) - 1), item];
    }
  }
  return input;
}

/** Lists have members, maps have entries. */
function toXml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${toXml(item)}</member>`).join("");
  if (value instanceof Map) {
    return [...value]
      .map(([key, item]) => `<entry><key>${key}</key><value>${toXml(item)}</value></entry>`)
      .join("");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `<${name}>${toXml(member)}</${name}>`)
      .join("");
  }
  return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
