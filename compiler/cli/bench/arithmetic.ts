/**
 * The arithmetic and the memory traffic of a call with its own algorithm. `layers.json` counts the operation: direct
 * multiply-adds, and each operand and the result once. The Winograd schedules F(m x m, 3x3) multiply (m + 2)^2 times
 * for m^2 results instead of 9 m^2 times. Unless they transform filters themselves, they read weights of (m + 2)^2
 * numbers instead of 9. Transforms are not counted, nor are the parts of tiles outside the result.
 */
import type { CallFacts } from './subject.ts';

export interface OwnArithmetic {
  readonly multiplyAdds: number;
  readonly bytes: number;
}

export function ownArithmetic(call: CallFacts): OwnArithmetic {
  const m = winogradTile(call.schedule);
  if (m === undefined) return { multiplyAdds: call.multiplyAdds, bytes: call.bytes };
  const points = (m + 2) ** 2;
  return {
    multiplyAdds: Math.round((call.multiplyAdds * points) / (9 * m * m)),
    bytes: transformsFilters(call)
      ? call.bytes
      : call.bytes + Math.round(weightBytes(call) * (points / 9 - 1)),
  };
}

const transformsFilters = ({ schedule }: CallFacts): boolean => schedule.includes('transforms filters');

/** The m of `Winograd F(4x4, 3x3), 3 x 14 tiles at a time`. */
export function winogradTile(schedule: string): number | undefined {
  const [, m, height, kernel] = /^Winograd F\((\d+)x(\d+), (3x3)\)/.exec(schedule) ?? [];
  return kernel !== undefined && m === height ? Number(m) : undefined;
}

/** Counts each weight once for each pixel of the result; fused operations add less than one percent. */
function weightBytes(call: CallFacts): number {
  const [images = 1, , height = 1, width = 1] = resultShape(call);
  return (4 * call.multiplyAdds) / (images * height * width);
}

/** The shape in a type such as `f32[1,64,56,56]`. */
export const resultShape = ({ result }: Pick<CallFacts, 'result'>): number[] =>
  (/\[([\d,]*)\]/.exec(result)?.[1] ?? '').split(',').filter(Boolean).map(Number);
