import type { BuildResult } from "@anyfn/build";

const HEAD = ["target", "artifact", "functions", "files", "bundle", "gzip", "zip", "time"];
/** The first columns are text; numbers stand at the right. */
const TEXT_COLUMNS = 2;

/** What was built, as lines of a table: one row an artifact. */
export function sizeTable({ targets }: BuildResult): readonly string[] {
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
  return align([HEAD, ...rows]);
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

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < TEXT_COLUMNS ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
