/** The positions of resized elements in their source, as text. */
import { plus, times } from './formula.ts';
import type { AxisMap } from './resampling.ts';

/** (a * o + b) / c */
function positionText({ a, b, c }: AxisMap, o: string): string {
  const position = a === 0 ? String(b) : plus(times(a, o), b);
  if (c === 1) return position;
  return `${/ [+-] /.test(position) ? `(${position})` : position} / ${c}`;
}

/** Whether no position is before the first element or beyond `last`, which is a numerator over c. */
const isWithin = ({ a, b, outputs }: AxisMap, last: number): boolean =>
  b >= 0 && a * (outputs - 1) + b <= last;

const clamp = (text: string, { inputs }: AxisMap): string => `clamp(${text}, 0, ${inputs - 1})`;

/** The position limited to the range from the first to the last element. */
export function clampedText(map: AxisMap, o: string): string {
  const text = positionText(map, o);
  return isWithin(map, (map.inputs - 1) * map.c) ? text : clamp(text, map);
}

/** The element at the position, rounded down. */
export function sourceText(map: AxisMap, o: string): string {
  const position = positionText(map, o);
  const text = map.c === 1 ? position : `floor(${position})`;
  return isWithin(map, map.inputs * map.c - 1) ? text : clamp(text, map);
}
