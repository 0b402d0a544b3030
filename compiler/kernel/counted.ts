/**
 * Kernels that run on any number of images. The kernels of a network for two batches mostly differ only in how often
 * their loops over images run. `countedKernel` makes that number an argument. Whether such a kernel does the work of
 * the kernel for another batch is not assumed: `doesSame` proves it, by comparing normal forms.
 */
import { constant, mul } from './expression.ts';
import { normalForm } from './normalForm.ts';
import type { Expr, Kernel, Statement } from './types.ts';
import { mapStatement, namesIn, someStatement, unusedName } from './walk.ts';

/** Invocations of a grid have no order, so there is no normal form of it. */
const hasGrid = ({ grid, body }: Kernel): boolean =>
  grid !== undefined || someStatement(body, (s) => s.kind === 'block' && s.grid !== undefined);

/**
 * The kernel with the outermost loops whose number of iterations is a multiple of `batch` running in multiples of an
 * argument. Undefined if it has no such loop. These need not be loops over images, hence `doesSame`.
 */
export function countedKernel(kernel: Kernel, batch: number): Kernel | undefined {
  if (hasGrid(kernel)) return undefined;
  const taken = new Set([...namesIn(kernel.body), ...kernel.buffers.map(({ name }) => name)]);
  const name = unusedName('images', taken);
  const images: Expr = { kind: 'var', type: 'i32', name };
  let found = false;
  const change = (body: readonly Statement[]): Statement[] =>
    body.map((s) => {
      if (s.kind !== 'for' || s.from.kind !== 'const' || s.from.value !== 0 || s.to.kind !== 'const')
        return mapStatement(s, change);
      const each = s.to.value / batch;
      if (!Number.isInteger(each)) return mapStatement(s, change);
      found = true;
      return { ...s, to: mul(images, constant(each)) };
    });
  const body = change(kernel.body);
  return found ? { ...kernel, body, count: { name, most: batch } } : undefined;
}

/** Whether the counted kernel, called for this many images, does exactly what the other kernel does. */
export function doesSame(counted: Kernel, images: number, other: Kernel): boolean {
  const isAlike =
    !hasGrid(other) &&
    counted.buffers.length === other.buffers.length &&
    counted.buffers.every(({ name, element, access }, i) => {
      const one = other.buffers[i]!;
      return name === one.name && element === one.element && access === one.access;
    });
  return isAlike && normalForm(counted.body, { [counted.count!.name]: images }) === normalForm(other.body);
}
