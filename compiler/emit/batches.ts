/** The programs of a package that takes any number of images, and how its sources name them. */
import type { Kernel } from '../kernel/types.ts';
import { imagesOf, type CompiledBatch, type CompiledModel } from './model.ts';
import { batchFolder } from './types.ts';

export interface NamedBatch extends Pick<CompiledBatch, 'images' | 'inputs' | 'outputs' | 'program'> {
  /** The path of its files. */
  readonly folder: string;
  /** What is added to the names of what its files export: nothing for the first program. */
  readonly suffix: string;
}

/** The programs in ascending order of their batches. Without `batches` it is one. */
export const namedBatches = (model: CompiledModel): readonly [NamedBatch, ...NamedBatch[]] => [
  { ...model, images: imagesOf(model), folder: './', suffix: '' },
  ...(model.batches ?? []).map((one) => ({
    ...one,
    folder: `./${batchFolder(one.images)}/`,
    suffix: String(one.images),
  })),
];

/** `32, 8 and 1` */
export const batchesText = (model: CompiledModel): string => {
  const sizes = namedBatches(model).map(({ images }) => images);
  const [smallest, ...larger] = sizes;
  return larger.length === 0 ? `${smallest}` : `${larger.reverse().join(', ')} and ${smallest}`;
};

/** The field of `info` that lists the batches, on a line; empty for a package for one batch. */
export const batchesField = (model: CompiledModel): string =>
  model.batches
    ? `\n  batches: [${namedBatches(model)
        .map(({ images }) => images)
        .join(', ')}],`
    : '';

/** What a package's kernels know at compile time, for tables of files. */
export const constantShapes = ({ batches }: Pick<CompiledModel, 'batches'>): string =>
  `every shape a constant${batches ? ' but the number of images' : ''}`;

/** The same for the header of the kernels' file. */
export const shapesSentence = (kernels: readonly Kernel[]): string =>
  kernels.some(({ count }) => count)
    ? 'Every extent is a constant but the number of images, the last argument of some kernels.'
    : 'Every shape is a constant.';

/** The sentence about memory in a README, for targets whose calls return their results. */
export const allocationText = ({ batches }: Pick<CompiledModel, 'batches'>): string =>
  batches
    ? 'A call with more images than those before it allocates arrays for its results.'
    : 'A call allocates no memory.';
