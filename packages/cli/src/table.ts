import type { BuildResult } from "@anyfn/build";

const HEAD = ["target", "artifact", "functions", "files", "bundle", "gzip", "zip", "time"];
/** The first columns are text; numbers stand at the right. */
const TEXT_COLUMNS = 2;

/** What was built, as lines of a table: one row an artifact. */
export function sizeTable({ targets }: Pick<BuildResult, "targets">): readonly string[] {
  const rows = targets.flatMap(({ target, manifest, milliseconds }) =>
    manifest.artifacts.map(({ directory, functions, files, bundle, zip }, index) => {
      const file = files.find(({ name }) => name === bundle);
      return [
        target,
        directory === "." ? bundle : directory,
        String(functions.length),
        String(files.length),
        formatBytes(file?.bytes ?? 0),
        formatBytes(file?.gzipBytes ?? 0),
        zip === null ? "–" : formatBytes(zip.bytes),
        formatTime(milliseconds[index] ?? 0),
      ];
    }),
  );
  return align([HEAD, ...rows], TEXT_COLUMNS);
}

/** What another build made: `Built aws/hello, node/server.mjs in 41 ms`. */
export function builtLine(
  { bundled, warnings }: Pick<BuildResult, "bundled" | "warnings">,
  milliseconds: number,
): string {
  const rest = bundled.length - 3;
  const names = bundled.length === 0 ? "nothing new" : bundled.slice(0, 3).join(", ");
  const more = rest > 0 ? ` and ${rest} more` : "";
  const hint =
    warnings.length === 0 ? "" : `; ${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`;
  return `Built ${names}${more} in ${formatTime(milliseconds)}${hint}`;
}

/** `812 B`, `5.6 kB`, `1.2 MB`: in thousands, as the providers' limits are. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `41 ms`, `1.3 s` */
export function formatTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Rows as lines with columns of one width; the first so many columns are text, the others stand at the right. */
export function align(
  rows: readonly (readonly string[])[],
  textColumns: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < textColumns ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
