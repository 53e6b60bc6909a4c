import type { Row } from "../suites/suite.ts";
import type { Results } from "./results.ts";
import { number } from "./table.ts";

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly bars: ReadonlyArray<{ readonly label: string; readonly value: number }>;
}

const LABELS: Readonly<Record<string, string>> = {
  "anyfn-fetch": "anyfn, with Request and Response",
  "serverless-http": "serverless-http + Express",
  codegenie: "@codegenie/serverless-express",
  h4ad: "@h4ad/serverless-adapter + Express",
  powertools: "Powertools event handler",
  hono: "Hono",
  middy: "middy (around a hand-written handler)",
  nitro: "Nitro",
};
const WIDTH = 760;
const LEFT = 250;
const ROW = 24;
const HEAD = 44;

// Colours for a light page, and others where the reader prefers a dark one.
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px }
  .own { font-weight: 600 }
  .value, .foot { fill: #57606a }
  .foot { font-size: 11px }
  .bar { fill: #8c959f }
  .bar.own { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .value, .foot { fill: #9198a1 }
    .bar { fill: #6e7681 }
    .bar.own { fill: #4493f8 }
  }`;

/** The chart of the README as SVG; undefined when what it shows was not measured. */
export function toChart(results: Results): string | undefined {
  const get = rowsOf(results, "v2-get");
  const cold = rowsOf(results, "cold");
  if (get === undefined || cold === undefined) return undefined;
  const panels: Panel[] = [
    {
      title: "One GET through API Gateway, over a hand-written handler",
      unit: "µs",
      bars: toBars(get, 1000),
    },
    { title: "Cold start of hello world, over a hand-written handler", unit: "ms", bars: toBars(cold, 1) },
  ];
  const heights = panels.map(({ bars }) => HEAD + bars.length * ROW);
  const height = heights.reduce((sum, own) => sum + own, 24);
  const drawn = panels.map((panel, index) =>
    drawPanel(
      panel,
      heights.slice(0, index).reduce((sum, own) => sum + own, 0),
    ),
  );
  const { node, machine, date } = results;
  const foot = `Node ${node}, ${machine.cpu}, ${date}. Less is better. 10th percentile of ${results.options.rounds} rounds.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${panels.map(describe).join(" ")}</title>`,
    `<style>${STYLE}\n</style>`,
    ...drawn,
    `<text class="foot" x="0" y="${height - 6}">${toText(foot)}</text>`,
    "</svg>\n",
  ].join("\n");
}

function rowsOf({ suites }: Results, work: string): readonly Row[] | undefined {
  return suites.flatMap(({ works }) => works).find(({ id }) => id === work)?.rows;
}

function toBars(rows: readonly Row[], scale: number): Panel["bars"] {
  return rows
    .filter(({ peer, over }) => over !== undefined && !["floor", "node"].includes(peer))
    .map(({ peer, over = 0 }) => ({ label: LABELS[peer] ?? peer, value: Math.max(0, over / scale) }))
    .sort((a, b) => a.value - b.value);
}

function drawPanel({ title, unit, bars }: Panel, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const lines = bars.map(({ label, value }, index) => {
    const y = top + HEAD + index * ROW;
    const width = Math.max(1, (value / most) * (WIDTH - LEFT - 80));
    const own = label.startsWith("anyfn") ? " own" : "";
    return [
      `<text class="label${own}" x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${toText(label)}</text>`,
      `<rect class="bar${own}" x="${LEFT}" y="${y - 8}" width="${width.toFixed(1)}" height="16" rx="2"/>`,
      `<text class="value" x="${(LEFT + width + 8).toFixed(1)}" y="${y + 4}">${number(value)} ${unit}</text>`,
    ].join("\n");
  });
  return [`<text class="title" x="0" y="${top + 18}">${toText(title)}</text>`, ...lines].join("\n");
}

function describe({ title, unit, bars }: Panel): string {
  return `${title}: ${bars.map(({ label, value }) => `${label} ${number(value)} ${unit}`).join(", ")}.`.replace(
    /[<>&]/g,
    "",
  );
}

function toText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
