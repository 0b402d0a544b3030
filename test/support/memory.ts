/** Poisoned memory and views of it, which the machines share. */
import type { KernelArray } from '../../compiler/kernel/javascript.ts';
import type { ElementType } from '../../compiler/kernel/types.ts';
import type { BufferId, KernelCall } from '../../compiler/program/types.ts';

export interface Machine {
  run(call: KernelCall): void;
  /** The buffer's numbers as they are now. */
  view(id: BufferId): KernelArray;
}

export const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

/** A quiet NaN's bits. */
export const POISON = 0x7fc0dead;

export function poison(memory: ArrayBuffer): ArrayBuffer {
  new Uint32Array(memory).fill(POISON);
  return memory;
}

export const viewOf = (
  memory: ArrayBuffer,
  offset: number,
  element: ElementType,
  length: number,
): KernelArray => new ARRAYS[element](memory, offset, length);
