/**
 * The batches of a package: one, or several whose programs share the weights and the memory. `forward` of such a package
 * takes any number of images.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { isWhole, type Reader } from '../frontend/options.ts';
import type { Model } from '../frontend/model.ts';
import type { Refuse } from '../frontend/refuse.ts';
import { isInput } from '../ir/leaves.ts';
import { formatType, nodeOf, type Graph, type TensorType } from '../ir/types.ts';

/** A batch, or several. */
export type BatchOption = number | readonly number[];

/** The batches of a package. */
export interface Batches {
  /** The batch of training, and of inference if `inference` has no number. Absent: that of the model. */
  readonly batch?: number;
  /** The batches of inference, the smallest first. */
  readonly inference: readonly (number | undefined)[];
  /** Whether `forward` takes any number of images. */
  readonly takesAny: boolean;
}

/** Reads a batch or several. A single one is checked by the frontend, because its errors name the model. */
export const batchReader: Reader<BatchOption> = {
  expected: 'a whole number from 1, or a list of different ones',
  read(value) {
    if (!Array.isArray(value)) return value as number;
    const list = value as readonly unknown[];
    const isList =
      list.length > 0 && list.every((one) => isWhole(one, 1)) && new Set(list).size === list.length;
    return isList ? list : undefined;
  },
};

const ascending = (batches: BatchOption): readonly number[] =>
  typeof batches === 'number' ? [batches] : [...batches].sort((a, b) => a - b);

/** The batches of a compile. `predictBatch` is for packages that train. */
export function readBatches(
  batch: BatchOption | undefined,
  training: { readonly predictBatch?: BatchOption } | undefined,
  refuse: Refuse,
): Batches {
  const several = batch !== undefined && typeof batch !== 'number';
  if (!training) {
    if (!several) return { batch, inference: [batch], takesAny: false };
    const inference = ascending(batch);
    return { batch: inference[0], inference, takesAny: true };
  }
  if (several && batch.length > 1)
    refuse(
      'CNNC7009',
      `the batch is ${batch.join(', ')}, but a package that trains has one; the option predictBatch (--predict-batch) sets those of forward`,
    );
  const one = several ? batch[0] : batch;
  const { predictBatch } = training;
  if (predictBatch === undefined) return { batch: one, inference: [one], takesAny: false };
  return { batch: one, inference: ascending(predictBatch), takesAny: true };
}

/** Shapes of inputs and outputs by name. */
export type Types = Readonly<Record<string, TensorType>>;

export const outputTypes = (graph: Graph): Types =>
  Object.fromEntries(graph.outputs.map(({ name, value }) => [name, nodeOf(graph, value).type]));

export const graphInputTypes = (graph: Graph): Types =>
  Object.fromEntries(graph.nodes.filter(isInput).map(({ attrs, type }) => [attrs.name, type]));

/** Checks that the results of one image are at one place of every output, so that batches can follow each other. */
export function checkBatches(
  { name, place }: Model,
  graphs: readonly Graph[],
  batches: readonly number[],
): void {
  const all = graphs.map(outputTypes);
  for (const [output, type] of Object.entries(all[0]!)) {
    const fits = all.every(({ [output]: one }, i) => {
      const [images, ...rest] = one?.shape ?? [];
      return images === batches[i] && rest.join() === type.shape.slice(1).join();
    });
    if (fits) continue;
    const found = all.map(({ [output]: one }) => (one ? formatType(one) : 'missing')).join(', ');
    fail(
      'CNNC7009',
      'compile',
      { path: name, ...place },
      `the output ${output} has no image in each row of its first axis: for batches ${batches.join(', ')} it is ${found}`,
      ['compile a package for a single batch'],
    );
  }
}
