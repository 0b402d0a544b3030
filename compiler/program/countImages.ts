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
  const shared = new Map<string, readonly Kernel[]>();
  for (const kernels of differentCalls(largest.program)) {
    const counted = kernels.map((kernel) => countedKernel(kernel, largest.images));
    if (!counted.every((one) => one !== undefined)) continue;
    const same = others.flatMap((other) => callsLike(counted, other));
    const [first] = same;
    if (!first) continue;
    const own = { kernels, images: largest.images };
    const named = counted.map((one, i) => ({
      ...one,
      comment: [...countedComment(own, first, i), ...countText(one)],
    }));
    for (const one of [own, ...same]) shared.set(keyOf(one), named);
  }
  return batches.map(({ images, program }) => withKernels(program, images, shared));
}

/** The kernel of a call and its variants, for one batch. */
interface Match {
  readonly kernels: readonly Kernel[];
  readonly images: number;
}

const keyOf = ({ kernels, images }: Match): string =>
  `${images} ${kernels.map((one) => `${one.name} ${structureOf(one)}`).join(' ')}`;

const forwardCalls = ({ phases }: Program): readonly KernelCall[] =>
  phases.filter(({ name }) => name === 'forward').flatMap(({ calls }) => calls);

const allKernels = ({ kernel, variants = {} }: KernelCall): readonly Kernel[] => [
  kernel,
  ...Object.values(variants).map((one) => one.kernel),
];

/** The different kernels of the forward pass, each with its variants. Kernels of `prepare` do not depend on images. */
const differentCalls = (program: Program): (readonly Kernel[])[] => [
  ...new Map(
    forwardCalls(program).map((call) => [keyOf({ kernels: allKernels(call), images: 0 }), allKernels(call)]),
  ).values(),
];

const callsLike = (counted: readonly Kernel[], { program, images }: BatchProgram): Match[] =>
  differentCalls(program)
    .filter(
      (kernels) =>
        kernels.length === counted.length &&
        kernels.every((one, i) => one.name === counted[i]!.name && doesSame(counted[i]!, images, one)),
    )
    .map((kernels) => ({ kernels, images }));

const withKernels = (
  program: Program,
  images: number,
  shared: ReadonlyMap<string, readonly Kernel[]>,
): Program => ({
  ...program,
  phases: program.phases.map((phase) =>
    phase.name === 'forward'
      ? { ...phase, calls: phase.calls.map((call) => withCount(call, images, shared)) }
      : phase,
  ),
});

function withCount(
  call: KernelCall,
  images: number,
  shared: ReadonlyMap<string, readonly Kernel[]>,
): KernelCall {
  const found = shared.get(keyOf({ kernels: allKernels(call), images }));
  if (!found) return call;
  const [kernel, ...others] = found as [Kernel, ...Kernel[]];
  const variants = Object.entries(call.variants ?? {}).map(
    ([choice, variant], i) => [choice, { ...variant, kernel: others[i]! }] as const,
  );
  const counted = { ...call, kernel, count: images };
  return variants.length > 0 ? { ...counted, variants: Object.fromEntries(variants) } : counted;
}
const countText = ({ count }: Kernel): string[] =>
  count ? [`${count.name}: the number of images, at most ${count.most}`] : [];

/** The kernel's comment, with `images` in place of the numbers that differ between two batches. */
function countedComment(largest: Match, other: Match, at: number): string[] {
  const theirLines = other.kernels[at]!.comment;
  return largest.kernels[at]!.comment.map((line, i) => {
    const [mine, theirs] = [line, theirLines[i] ?? ''].map((text) => text.split(/(\d+)/));
    if (mine!.length !== theirs!.length) return line;
    return mine!
      .map((part, place) => {
        const isBatch = Number(part) === largest.images && Number(theirs![place]) === other.images;
        return place % 2 === 1 && isBatch ? 'images' : part;
      })
      .join('');
  });
}
