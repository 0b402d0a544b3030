/** The programs of a package that takes any number of images, and how its sources name them. */
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
