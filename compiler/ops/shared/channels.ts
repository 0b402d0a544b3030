/** Operators with one number per channel: x has its channels at axis 1, and the other operands are [C]. */
import type { TensorType } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject } from '../types.ts';
import { axisNames } from './pointwise.ts';

/** Checks that x has channels and that each named operand is [C]; returns C. */
export function checkChannels(
  x: TensorType,
  operands: Readonly<Record<string, TensorType | undefined>>,
  reject: Reject,
): number {
  if (x.shape.length < 2)
    reject('CNNC1202', `the input has rank ${x.shape.length}, expected at least 2 (N, C, ...)`);
  const channels = x.shape[1]!;
  for (const [name, type] of Object.entries(operands)) {
    if (type && type.shape.join() !== String(channels)) {
      reject(
        'CNNC1202',
        `the ${name} has shape [${type.shape.join(',')}], the input has ${channels} channels`,
      );
    }
  }
  return channels;
}

/**
 * Loops over all elements. Code that depends only on the channel can go between the channel's loop and the loops over
 * its elements.
 */
export function forEachInChannels<T>(
  k: KernelBuilder,
  shape: readonly number[],
  perChannel: (channel: Expr) => T,
  body: (index: Expr[], hoisted: T) => void,
): void {
  const names = axisNames(shape.length);
  k.forEach(names.slice(0, 2), shape.slice(0, 2), (outer) => {
    const hoisted = perChannel(outer[1]!);
    k.forEach(names.slice(2), shape.slice(2), (inner) => body([...outer, ...inner], hoisted));
  });
}
