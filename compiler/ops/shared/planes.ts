/** Checks for operators over [N, C, H, W]. */
import type { TensorType } from '../../ir/types.ts';
import type { Reject } from '../types.ts';
import type { Pair } from './window.ts';

export function checkPlanes(x: TensorType, reject: Reject, name = 'input'): void {
  if (x.shape.length !== 4)
    reject('CNNC1202', `the ${name} has rank ${x.shape.length}, expected 4 (N, C, H, W)`);
}

export function checkPlaneSize(name: string, size: Pair, reject: Reject): void {
  if (!size.every((extent) => Number.isInteger(extent) && extent >= 1)) {
    reject('CNNC1104', `the ${name} ${size.join('x')} is not made of whole numbers from 1`);
  }
}
