/** Checks that operations over [N, C, H, W] share. */
import type { TensorType } from '../../ir/types.ts';
import type { Reject } from '../types.ts';

export function checkPlanes(x: TensorType, reject: Reject, name = 'input'): void {
  if (x.shape.length !== 4) reject(`the ${name} has rank ${x.shape.length}, expected 4 (N, C, H, W)`);
}

export function checkSameShape(
  names: readonly [string, string],
  a: readonly number[],
  b: readonly number[],
  reject: Reject,
): void {
  if (a.join() !== b.join()) {
    reject(`the ${names[0]} has shape [${a.join(',')}], the ${names[1]} [${b.join(',')}]`);
  }
}
