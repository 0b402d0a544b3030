/**
 * Postcondition, over the programs of one model for several batches: where the kernels of two batches differ only in how
 * many images they run on, all of these programs call one kernel with that number as an argument. Results do not change.
 */
import { countedKernel, doesSame } from '../kernel/counted.ts';
import { structureOf } from '../kernel/structure.ts';
import type { Kernel } from '../kernel/types.ts';
import type { KernelCall, Program } from './types.ts';

/** A program and its batch. */
export interface BatchProgram {
  readonly images: number;
  readonly program: Program;
}

export function countImages(batches: readonly BatchProgram[]): Program[] {
  const largest = batches.reduce((a, b) => (b.images > a.images ? b : a));
  const others = batches.filter((one) => one !== largest);
  const shared = new Map<string, Kernel>();
  for (const kernel of kernelsOf(largest.program)) {
    const counted = countedKernel(kernel, largest.images);
    const same = counted ? others.flatMap((other) => kernelsLike(counted, other)) : [];
    if (!counted || same.length === 0) continue;
    const [first] = same as [Match];
    const comment = countedComment({ kernel, images: largest.images }, first);
    const named = { ...counted, comment: [...comment, ...countText(counted)] };
    for (const one of [{ kernel, images: largest.images }, ...same]) shared.set(keyOf(one), named);
  }
  return batches.map(({ images, program }) => withKernels(program, images, shared));
}

interface Match {
  readonly kernel: Kernel;
  readonly images: number;
}

const keyOf = ({ kernel, images }: Match): string => `${images} ${kernel.name} ${structureOf(kernel)}`;

const forwardCalls = ({ phases }: Program): readonly KernelCall[] =>
  phases.filter(({ name }) => name === 'forward').flatMap(({ calls }) => calls);

/** The different kernels of the forward pass. Kernels of `prepare` do not depend on images. */
const kernelsOf = (program: Program): Kernel[] => [
  ...new Map(
    forwardCalls(program).map(({ kernel }) => [`${kernel.name} ${structureOf(kernel)}`, kernel] as const),
  ).values(),
];

const kernelsLike = (counted: Kernel, { program, images }: BatchProgram): Match[] =>
  kernelsOf(program)
    .filter((kernel) => kernel.name === counted.name && doesSame(counted, images, kernel))
    .map((kernel) => ({ kernel, images }));

const withKernels = (program: Program, images: number, shared: ReadonlyMap<string, Kernel>): Program => ({
  ...program,
  phases: program.phases.map((phase) =>
    phase.name === 'forward'
      ? {
          ...phase,
          calls: phase.calls.map((call): KernelCall => {
            const kernel = shared.get(keyOf({ kernel: call.kernel, images }));
            return kernel ? { ...call, kernel, count: images } : call;
          }),
        }
      : phase,
  ),
});

const countText = ({ count }: Kernel): string[] =>
  count ? [`${count.name}: the number of images, at most ${count.most}`] : [];

/** The kernel's comment, with `images` in place of the numbers that differ between two batches. */
function countedComment(largest: Match, other: Match): string[] {
  return largest.kernel.comment.map((line, i) => {
    const [mine, theirs] = [line, other.kernel.comment[i] ?? ''].map((text) => text.split(/(\d+)/));
    if (mine!.length !== theirs!.length) return line;
    return mine!
      .map((part, at) => {
        const isBatch = Number(part) === largest.images && Number(theirs![at]) === other.images;
        return at % 2 === 1 && isBatch ? 'images' : part;
      })
      .join('');
  });
}
