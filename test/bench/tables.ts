/** Markdown tables, and numbers in them. */

export type Cell = string | undefined;

/** The first column to the left, the others to the right; what is missing is a dash. */
export function markdownTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [header, ...rows].map((row) => header.map((_, i) => row[i] ?? '–'));
  const widths = header.map((_, i) => Math.max(3, ...lines.map((line) => line[i]!.length)));
  const pad = (text: string, i: number): string =>
    i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [first, ...others] = lines.map((line) => line.map(pad));
  return [first!, rule, ...others].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Three digits that mean something. */
export function formatMs(ms: number): string {
  if (ms >= 100) return ms.toFixed(0);
  if (ms >= 10) return ms.toFixed(1);
  return ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);
}

export const formatRatio = (ratio: number): string => `${ratio.toFixed(2)} x`;

export const formatKilobytes = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(2)} MB` : `${(bytes / 1e3).toFixed(1)} KB`;

export const formatMebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
