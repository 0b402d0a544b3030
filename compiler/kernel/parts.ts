/**
 * A kernel in parts that run one after the other. A target that runs grids dispatches each separately. A part has
 * only those of the kernel's buffers that it uses.
 */
import type { Kernel, KernelBuffer, Statement } from './types.ts';
import { expressionsOf, somePart, someStatement } from './walk.ts';

export interface KernelPart {
  readonly kernel: Kernel;
  /** Indices of its buffers among the whole kernel's buffers. */
  readonly args: readonly number[];
}

/** Returns a kernel's grids, each as a kernel: the kernel itself, or its blocks in order. */
export function dispatchesOf(kernel: Kernel): readonly KernelPart[] {
  if (kernel.grid) return [{ kernel, args: kernel.buffers.map((_, i) => i) }];
  const blocks = kernel.body.map((statement) => {
    if (statement.kind === 'block' && statement.grid) return statement;
    throw new Error(`kernel ${kernel.name} has a ${statement.kind} outside of any grid`);
  });
  return blocks.map(({ grid, body }, i) =>
    partOf(kernel, partName(kernel, i, blocks.length), { grid, body }),
  );
}

/** The name of a part: `softmax_part2`. A single part has the kernel's name. */
export const partName = ({ name }: Kernel, index: number, count: number): string =>
  count === 1 ? name : `${name}_part${index + 1}`;

export function partOf(
  kernel: Kernel,
  name: string,
  own: Pick<Kernel, 'body'> & Partial<Pick<Kernel, 'grid'>>,
): KernelPart {
  const args = kernel.buffers.flatMap((buffer, i) => (touches(own.body, buffer.name) ? [i] : []));
  const buffers = args.map((i) => ({
    ...kernel.buffers[i]!,
    access: accessOf(own.body, kernel.buffers[i]!),
  }));
  return { args, kernel: { ...kernel, name, buffers, ...own } };
}

const loads = (body: readonly Statement[], name: string): boolean =>
  someStatement(body, (s) =>
    expressionsOf(s).some((e) => somePart(e, (part) => part.kind === 'load' && part.buffer === name)),
  );
const stores = (body: readonly Statement[], name: string): boolean =>
  someStatement(body, (s) => s.kind === 'store' && s.buffer === name);
const touches = (body: readonly Statement[], name: string): boolean =>
  loads(body, name) || stores(body, name);

const accessOf = (body: readonly Statement[], { name }: KernelBuffer): KernelBuffer['access'] => {
  if (!stores(body, name)) return 'read';
  return loads(body, name) ? 'readWrite' : 'write';
};
