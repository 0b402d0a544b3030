/**
 * What a call computes and moves by its own algorithm. `layers.json` counts the operation: direct multiply-adds, each
 * operand and the result once. Winograd's schedules F(m x m, 3x3) multiply (m + 2)^2 times for m^2 results instead of
 * 9 m^2 times, and read weights of (m + 2)^2 numbers instead of 9. Their transforms are not counted, nor the parts of
 * tiles that lie outside.
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
    bytes: call.bytes + Math.round(weightBytes(call) * (points / 9 - 1)),
  };
}

/** The m of `Winograd F(4x4, 3x3), 3 x 14 tiles at a time`. */
export function winogradTile(schedule: string): number | undefined {
  const [, m, height, kernel] = /^Winograd F\((\d+)x(\d+), (3x3)\)/.exec(schedule) ?? [];
  return kernel !== undefined && m === height ? Number(m) : undefined;
}

/** Every weight is multiplied once for each pixel of the result; what is fused to it is less than a percent. */
function weightBytes(call: CallFacts): number {
  const [images = 1, , height = 1, width = 1] = resultShape(call);
  return (4 * call.multiplyAdds) / (images * height * width);
}

/** Of `f32[1,64,56,56]`. */
export const resultShape = ({ result }: Pick<CallFacts, 'result'>): number[] =>
  (/\[([\d,]*)\]/.exec(result)?.[1] ?? '').split(',').filter(Boolean).map(Number);
