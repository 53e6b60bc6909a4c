import type { Action, Address, Change, StagePlan } from "@anyfn/build";
import { align } from "./table.ts";
import { paint, type Terminal } from "./terminal.ts";

/** What has become of a change. */
export type State = "kept" | "planned" | "done" | "failed";

type Color = Parameters<typeof paint>[1];

const SIGNS: Readonly<Record<Action, readonly [sign: string, color: Color, past: string]>> = {
  create: ["+", "green", "created"],
  update: ["~", "yellow", "updated"],
  replace: ["-/+", "yellow", "replaced"],
  delete: ["-", "red", "deleted"],
  keep: ["", "dim", "kept"],
};

/** What would change and where, as a table; what is kept is only counted, unless there is something to say of it. */
export function planLines(plan: StagePlan, terminal: Pick<Terminal, "color">): readonly string[] {
  const changes = plan.waves.flat();
  const rows = changes
    .filter(({ action, details }) => action !== "keep" || details.length > 0)
    .flatMap(rowsOf);
  const lines = align(rows.map(({ cells }) => cells));
  return [
    paint(terminal, "bold", `${plan.app}, stage ${plan.stage}, on ${plan.target}: ${plan.place}`),
    "",
    ...lines.map((line, index) => paint(terminal, rows[index]?.color ?? "dim", line)),
    ...(lines.length === 0 ? [] : [""]),
    countsOf(changes),
  ];
}

/** `created role shop-dev-hello` */
export function pastOf({ action, kind, name }: Change): string {
  return `${SIGNS[action][2]} ${kind} ${name}`;
}

/** Where functions are reached, one a line. */
export function addressLines(addresses: readonly Address[]): readonly string[] {
  return align(addresses.map((address) => [address.function, address.url]));
}

/** A plan and what became of it, for machines. */
export function planJson(
  plan: StagePlan,
  outcome: {
    readonly dryRun: boolean;
    readonly states: ReadonlyMap<Change, State>;
    readonly addresses: readonly Address[];
  },
): object {
  const { app, target, stage, place, warnings } = plan;
  const { dryRun, states, addresses } = outcome;
  const changes = plan.waves.flatMap((wave, index) =>
    wave.map((change) => {
      const { action, kind, name, details, switches = null } = change;
      const state = action === "keep" ? "kept" : (states.get(change) ?? "planned");
      return { wave: index + 1, action, kind, name, details, switches, state };
    }),
  );
  return { app, target, stage, place, dryRun, warnings, changes, addresses };
}

interface Row {
  readonly color: Color;
  readonly cells: readonly string[];
}

/** A row a detail, the first of them with the name. */
function rowsOf({ action, kind, name, details }: Change): readonly Row[] {
  const [sign, color] = SIGNS[action];
  const [first = "", ...others] = details;
  return [
    { color, cells: [sign, action, kind, name, first] },
    ...others.map((detail) => ({ color, cells: ["", "", "", "", detail] })),
  ];
}

/** `2 to create, 1 to update, 3 kept` */
function countsOf(changes: readonly Change[]): string {
  const counts = (Object.keys(SIGNS) as Action[]).flatMap((action) => {
    const { length } = changes.filter((change) => change.action === action);
    return length === 0 ? [] : [action === "keep" ? `${length} kept` : `${length} to ${action}`];
  });
  return counts.length === 0 ? "Nothing there." : counts.join(", ");
}
