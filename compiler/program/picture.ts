/**
 * The memory plan as text. A row is a place in the arena, from the highest down to offset 0; a column is one call or
 * several. Storages that use the same place one after the other share a row and alternate between `#` and `=`.
 */
import { formatBytes } from './bytes.ts';
import type { MemoryPlan, Placement } from './memoryPlan.ts';
import type { Program } from './types.ts';

export interface PictureSize {
  readonly width: number;
  /** The number of rows. The smallest places are left out. */
  readonly rows: number;
}

interface Place {
  readonly offset: number;
  readonly bytes: number;
  readonly placements: readonly Placement[];
}

export function drawPlan(program: Program, plan: MemoryPlan, { width, rows }: PictureSize): string {
  const places = placesOf(program, plan);
  const shown = new Set([...places].sort((a, b) => b.bytes - a.bytes || a.offset - b.offset).slice(0, rows));
  const kept = places.filter((place) => shown.has(place));
  const [from, to] = spanOf(kept);
  const labels = kept.map(({ offset, bytes }) => [formatBytes(offset), formatBytes(bytes)] as const);
  const widths = [0, 1].map((i) => Math.max(6, ...labels.map((label) => label[i]!.length)));
  const columns = Math.max(1, Math.min(to - from + 1, width - widths[0]! - widths[1]! - 5));
  const row = (cells: readonly [string, string], picture: string): string =>
    `${cells[0].padStart(widths[0]!)} ${cells[1].padStart(widths[1]!)} |${picture}`.trimEnd();
  const lines = kept.map((place, i) => row(labels[i]!, `${drawRow(place, from, to, columns)}|`));
  const omitted = places.length - kept.length;
  return [
    row(['offset', 'bytes'], ` ${describeColumns(to - from + 1, columns)}`),
    ...lines,
    ...(omitted > 0 ? [`smaller places not shown: ${omitted}`] : []),
  ]
    .map((line) => line.slice(0, width))
    .join('\n');
}

/** Returns places, highest first. Parts of other buffers are drawn with their wholes. */
function placesOf(program: Program, { placements }: MemoryPlan): Place[] {
  const places = new Map<string, Placement[]>();
  for (const placement of placements.values()) {
    if (program.buffers[placement.buffer]!.within) continue;
    const key = `${placement.offset} ${placement.bytes}`;
    const known = places.get(key);
    if (known) known.push(placement);
    else places.set(key, [placement]);
  }
  return [...places.values()]
    .map((all): Place => {
      const [{ offset, bytes }] = all as [Placement];
      return { offset, bytes, placements: all.sort((a, b) => a.lifetime.from - b.lifetime.from) };
    })
    .sort((a, b) => b.offset - a.offset || b.bytes - a.bytes);
}

function spanOf(places: readonly Place[]): readonly [number, number] {
  let [from, to] = [Infinity, 0];
  for (const { placements } of places)
    for (const { lifetime } of placements) {
      from = Math.min(from, lifetime.from);
      to = Math.max(to, lifetime.to);
    }
  return [Math.min(from, to), to];
}

function drawRow({ placements }: Place, from: number, to: number, columns: number): string {
  const cells = new Array<string>(columns).fill(' ');
  const column = (call: number): number => Math.floor(((call - from) * columns) / (to - from + 1));
  placements.forEach(({ lifetime }, i) =>
    cells.fill('#='[i % 2]!, column(lifetime.from), column(lifetime.to) + 1),
  );
  return cells.join('');
}

function describeColumns(calls: number, columns: number): string {
  const each = calls / columns;
  if (each === 1) return 'a column a call';
  return `a column is ${each.toFixed(1)} calls`;
}
