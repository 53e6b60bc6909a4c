import type { LogLine, LogQuery } from "@anyfn/build";
import { apiVersionOf } from "../build/_types.ts";
import { deployError } from "./_errors.ts";
import type { Session } from "./_session.ts";
import { readStack } from "./_stacks.ts";

const WORKSPACES = "Microsoft.OperationalInsights/workspaces";
/** Milliseconds. Lines are found some minutes after they were written, and not in the order of their times. */
const LATE = 300_000;
const PAUSE = 10_000;

interface Tables {
  readonly tables: readonly {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
  }[];
}

/** The lines that a function has logged, from the workspace of the app. */
export async function* readLogs(
  session: Session,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const url = await addressOf(session);
  const seen = new Set<string>();
  let since = query.since;
  while (true) {
    const answer = await session.ask({
      method: "POST",
      url,
      scope: `${session.place.logs}/.default`,
      body: { query: textOf(query.function, since) },
    });
    const rows = rowsOf(answer.json<Tables>()).filter(({ id }) => !seen.has(id));
    for (const { id, time, text } of rows) {
      seen.add(id);
      yield { time, text };
    }
    if (!query.follow || signal.aborted) return;
    since = Math.max(query.since, (rows.at(-1)?.time ?? since + LATE) - LATE);
    try {
      await session.wait(PAUSE);
    } catch (error) {
      // The signal is how a reader who follows says that it is enough.
      if (signal.aborted) return;
      throw error;
    }
  }
}

async function addressOf(session: Session): Promise<string> {
  const stack = await readStack(session, "main");
  const id = stack?.resources.find((one) => one.toLowerCase().includes(`/${WORKSPACES.toLowerCase()}/`));
  if (id === undefined)
    throw deployError("This stage is not deployed. Deploy it first: anyfn deploy --target azure.");
  const answer = await session.ask({ method: "GET", url: `${id}?api-version=${apiVersionOf(WORKSPACES)}` });
  const { properties } = answer.json<{ readonly properties: { readonly customerId: string } }>();
  return `${session.place.logs}/v1/workspaces/${properties.customerId}/query`;
}

/** https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces */
function textOf(name: string, since: number): string {
  const start = new Date(since).toISOString();
  return [
    "union AppTraces, AppExceptions",
    `| where TimeGenerated >= datetime(${start})`,
    `| where OperationName == "${name}" or tostring(Properties.Category) startswith "Function.${name}."`,
    "| extend Text = coalesce(Message, OuterMessage, InnermostMessage, ExceptionType)",
    "| project Id = _ItemId, Time = TimeGenerated, Text",
    "| order by Time asc",
  ].join("\n");
}

function rowsOf({ tables: [table] }: Tables): readonly (LogLine & { readonly id: string })[] {
  const names = table?.columns.map(({ name }) => name) ?? [];
  const cell = (row: readonly unknown[], name: string): string => String(row[names.indexOf(name)] ?? "");
  return (table?.rows ?? []).map((row) => ({
    id: cell(row, "Id"),
    time: Date.parse(cell(row, "Time")),
    text: cell(row, "Text"),
  }));
}
