import type { LazyHttpEvent } from "./event.ts";
import { parseJson } from "./event.ts";
import { queryObject } from "./query.ts";

/**
 * The body as the value that a schema validates, by its content type: JSON (also when no type is given), a
 * URL-encoded or multipart form as an object, text, or bytes.
 */
export function bodyValue(event: LazyHttpEvent): unknown {
  const type = (event.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "" || type === "application/json" || type.endsWith("+json")) {
    // The schema says whether a body may be missing.
    const text = event.bodyText();
    return text === "" ? undefined : parseJson(text);
  }
  if (type === "application/x-www-form-urlencoded") {
    return queryObject(new URLSearchParams(event.bodyText()));
  }
  if (type === "multipart/form-data") return formObject(event);
  if (type.startsWith("text/")) return event.bodyText();
  return event.body;
}

async function formObject(event: LazyHttpEvent): Promise<Record<string, unknown>> {
  const object = Object.create(null) as Record<string, unknown>;
  const form = await event.formData();
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    object[name] = values.length === 1 ? values[0] : values;
  }
  return object;
}
