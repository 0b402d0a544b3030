/** One panel of a chart as SVG: axes with round numbers, a grid, and series as lines, with or without dots. */
export interface Series {
  readonly name: string;
  /** CSS class. `curvesSvg` sets the colours. */
  readonly style: 'training' | 'validation';
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly series: readonly Series[];
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel: string;
}

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly isLog: boolean;
  format(value: number): string;
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const TICKS = 6;

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** A linear axis with round numbers that spans the values, and at least `least` below the largest. */
export function linearAxis(values: readonly number[], format: Axis['format'], least = 1e-6): Axis {
  const [lowest, high] = extremes(values);
  const low = Math.min(lowest, high - least);
  const step = roundStep((high - low) / TICKS);
  return { from: Math.floor(low / step) * step, to: Math.ceil(high / step) * step, isLog: false, format };
}

/** A logarithmic axis between two numbers that are 1, 2 or 5 times a power of ten and enclose the values. */
export function logAxis(values: readonly number[], format: Axis['format']): Axis {
  const [low, high] = extremes(values.filter((value) => value > 0));
  const marks = logMarks(low / 10, high * 10);
  const from = marks.findLast((mark) => mark <= low) ?? low;
  return { from, to: marks.find((mark) => mark >= high && mark > from) ?? high, isLog: true, format };
}

function extremes(values: readonly number[]): [low: number, high: number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return Number.isFinite(low) ? [low, high] : [0, 1];
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9))!;
}

function logMarks(from: number, to: number): number[] {
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    // Parsed from text, because computed powers of ten are not exact in floating point.
    for (const factor of [1, 2, 5]) marks.push(Number(`${factor}e${power}`));
  }
  return marks.filter((mark) => mark >= from && mark <= to);
}

function ticksOf({ from, to, isLog }: Axis): number[] {
  if (isLog) return logMarks(from, to);
  const step = roundStep((to - from) / TICKS);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

type Scale = (value: number) => number;

function scaleOf({ from, to, isLog }: Axis, start: number, length: number): Scale {
  const map = isLog ? Math.log10 : Number;
  const span = map(to) - map(from) || 1;
  return (value) => Math.round((start + ((map(value) - map(from)) / span) * length) * 10) / 10;
}

/** Draws a panel. What lies outside of its axes is cut off. */
export function panelSvg(panel: Panel, frame: Frame): string {
  const { left, top, width, height } = frame;
  const x = scaleOf(panel.x, left, width);
  const y = scaleOf(panel.y, top + height, -height);
  const lines = [
    `<text class="title" x="${left}" y="${top - 14}">${escapeXml(panel.title)}</text>`,
    legendSvg(panel.series, left + width, top - 14),
    ...ticksOf(panel.y).map(
      (tick) =>
        `<path class="grid" d="M${left} ${y(tick)}h${width}"/>` +
        `<text class="tick" text-anchor="end" x="${left - 8}" y="${y(tick) + 4}">${panel.y.format(tick)}</text>`,
    ),
    ...ticksOf(panel.x).map(
      (tick) =>
        `<path class="axis" d="M${x(tick)} ${top + height}v5"/>` +
        `<text class="tick" text-anchor="middle" x="${x(tick)}" y="${top + height + 19}">${panel.x.format(tick)}</text>`,
    ),
    `<path class="axis" d="M${left} ${top + height}h${width}"/>`,
    `<text class="tick" text-anchor="end" x="${left + width}" y="${top + height + 36}">${escapeXml(panel.xLabel)}</text>`,
    ...panel.series.map((series) => seriesSvg(series, x, y, panel, frame)),
  ];
  return lines.join('\n');
}

/** The legend, from right to left: a stroke in the series' colour, then its name. */
function legendSvg(series: readonly Series[], right: number, y: number): string {
  let end = right;
  const entries = [...series].reverse().map(({ name, style }) => {
    const start = end - name.length * 7;
    const entry = `<path class="${style}" d="M${start - 26} ${y - 4}h20"/><text class="tick" x="${start}" y="${y}">${escapeXml(name)}</text>`;
    end = start - 44;
    return entry;
  });
  return entries.join('\n');
}

function seriesSvg(
  { name, style, points }: Series,
  x: Scale,
  y: Scale,
  panel: Panel,
  { top, height }: Frame,
): string {
  const drawn = points.filter(([, value]) => !panel.y.isLog || value > 0);
  const path = linePath(
    drawn.map(([px, py]) => [x(px), y(py)]),
    top,
    top + height,
  );
  const line = `<path class="${style}" d="${path}"/>`;
  if (style === 'training') return line;
  const dots = drawn
    .filter(([, py]) => y(py) >= top && y(py) <= top + height)
    .map(
      ([px, py]) =>
        `<circle class="${style}" cx="${x(px)}" cy="${y(py)}" r="3.5"><title>${escapeXml(name)}, epoch ${panel.x.format(px)}: ${panel.y.format(py)}</title></circle>`,
    );
  return [line, ...dots].join('\n');
}

type Point = readonly [x: number, y: number];

/** A line through the points, as far as it is between `top` and `bottom`. */
function linePath(points: readonly Point[], top: number, bottom: number): string {
  let path = '';
  let end = '';
  points.forEach((point, i) => {
    const before = points[i - 1] ?? point;
    const isOutside = Math.max(before[1], point[1]) < top || Math.min(before[1], point[1]) > bottom;
    if (isOutside) return;
    const start = cutAt(before, point, top, bottom);
    if (start !== end) path += `M${start}`;
    end = cutAt(point, before, top, bottom);
    if (i > 0) path += `L${end}`;
  });
  return path;
}

/** The point itself, or where the line from it to the other point comes between `top` and `bottom`. */
function cutAt([x, y]: Point, [otherX, otherY]: Point, top: number, bottom: number): string {
  const edge = Math.min(Math.max(y, top), bottom);
  if (edge === y) return `${x} ${y}`;
  const crossing = x + ((edge - y) / (otherY - y)) * (otherX - x);
  return `${Math.round(crossing * 10) / 10} ${edge}`;
}
