import type { Session } from "./_session.ts";
import { type Site, WEB } from "./_site.ts";

/** Keys of an app. They stay within a request's headers. */
interface HostKeys {
  readonly masterKey?: string;
  readonly systemKeys?: Readonly<Record<string, string>>;
}

export async function hostKeys({ ask }: Session, { id }: Site): Promise<HostKeys> {
  return (await ask({ method: "POST", url: `${id}/host/default/listKeys?${WEB}` })).json();
}

/** The key of one function. */
export async function functionKey({ ask }: Session, { id }: Site, name: string): Promise<string> {
  const answer = await ask({ method: "POST", url: `${id}/functions/${name}/listKeys?${WEB}` });
  return answer.json<{ readonly default?: string }>().default ?? "";
}
