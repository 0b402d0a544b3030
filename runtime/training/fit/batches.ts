/**
 * Batches: which examples, in which order, how they are augmented and normalized. All of it follows from the seed, the
 * epoch and the position in the epoch, so a run that resumes anywhere sees the same examples.
 *
 *   image  f32[batch, channels, height, width]
 *   label  i32[batch]
 */
import { borderWidth, levelValues, placeImage, type ImageView } from './images.ts';
import { epochKey, permutation, pick, threefry, type Words } from './random.ts';
import type { Example, Examples, FitOptions, FitPlan, ImageAugmentation, ImageExtents } from './types.ts';

/** A batch. The next batch overwrites its arrays. */
export interface FitBatch {
  readonly image: Float32Array;
  readonly label: Int32Array;
  /** The number of examples that count. Others may follow them. */
  readonly count: number;
}

export interface FitBatches {
  /** Steps in an epoch. */
  readonly trainSteps: number;
  readonly validationSteps: number;
  train(epoch: number, step: number): Promise<FitBatch>;
  validation(step: number): Promise<FitBatch>;
}

export type BatchSettings = Pick<FitOptions, 'augment' | 'seed' | 'lastBatch' | 'normalization'> & {
  readonly examples: Examples;
  readonly validation?: Examples | undefined;
};

/** Examples in an array become examples that are read one by one. */
export function examplesOf(given: Examples | readonly Example[]): Examples {
  if (!isList(given)) return given;
  // An image that cannot be read fails the run when it is its turn, not the program before.
  for (const { image } of given) if ('then' in image) image.catch(() => undefined);
  return {
    count: given.length,
    labels: given.map(({ label }) => label),
    read: (index) => given[index]!.image,
  };
}

const isList = (given: Examples | readonly Example[]): given is readonly Example[] => Array.isArray(given);

export function createBatches(plan: FitPlan, settings: BatchSettings): FitBatches {
  const { examples, validation, seed = 1, lastBatch = 'use' } = settings;
  const { batch } = plan;
  checkExamples(plan, 'example', examples);
  if (validation) checkExamples(plan, 'validation example', validation);
  if (lastBatch === 'skip' && examples.count < batch)
    throw new Error(`${plan.name}.fit: the batch is ${batch}, but there are only ${examples.count} examples`);
  const fillBatch = createFill(plan, settings);
  const wholeSteps = Math.floor(examples.count / batch);
  let order: { readonly epoch: number; readonly indices: Uint32Array } | undefined;
  return {
    trainSteps: lastBatch === 'skip' ? wholeSteps : Math.ceil(examples.count / batch),
    validationSteps: Math.ceil((validation?.count ?? 0) / batch),
    train(epoch, step) {
      if (order?.epoch !== epoch)
        order = { epoch, indices: permutation(epochKey(seed, epoch, 'order'), examples.count) };
      const chosen = order.indices.subarray(step * batch, (step + 1) * batch);
      const key = epochKey(seed, epoch, 'augmentation');
      return fillBatch(examples, plan.countsExamples ? chosen : filledUp(chosen, order.indices, batch), key);
    },
    validation(step) {
      const first = step * batch;
      const count = Math.min(batch, validation!.count - first);
      return fillBatch(
        validation!,
        Uint32Array.from({ length: count }, (_, i) => first + i),
      );
    },
  };
}

/**
 * A whole batch: the last examples of an epoch, and after them its first ones again. Where a step cannot leave examples
 * out, as with batch norm in training mode, all examples of a batch are real ones.
 */
function filledUp(chosen: Uint32Array, indices: Uint32Array, batch: number): Uint32Array {
  if (chosen.length === batch) return chosen;
  return Uint32Array.from({ length: batch }, (_, i) =>
    i < chosen.length ? chosen[i]! : indices[(i - chosen.length) % indices.length]!,
  );
}

function checkExamples({ name, classes }: FitPlan, what: string, { count, labels }: Examples): void {
  if (!(Number.isSafeInteger(count) && count > 0))
    throw new Error(`${name}.fit: there are ${count} ${what}s, expected at least one`);
  if (labels.length !== count)
    throw new Error(`${name}.fit: there are ${count} ${what}s, but ${labels.length} labels`);
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    if (!(Number.isSafeInteger(label) && label >= 0 && label < classes)) {
      const expected = `expected a class from 0 to ${classes - 1}`;
      throw new Error(`${name}.fit: ${what} ${i} has the label ${label}, ${expected}`);
    }
  }
}

/** Fills a batch. Augments the examples if a key is given. */
type FillBatch = (examples: Examples, indices: Uint32Array, key?: Words) => Promise<FitBatch>;

function createFill(plan: FitPlan, { augment = {}, normalization }: BatchSettings): FillBatch {
  const { batch, extents } = plan;
  const length = lengthOf(extents);
  const image = new Float32Array(batch * length);
  const label = new Int32Array(batch);
  const levels = levelValues(plan, normalization);
  return async (examples, indices, key) => {
    const from = examples.extents ?? extents;
    const border = borderWidth(plan.name, from, extents);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      const reading = examples.read(index);
      const found = 'then' in reading ? await reading : reading;
      if (found.length !== lengthOf(from)) refuseImage(plan, index, found.length, from);
      const view = key ? drawView(key, index, augment) : CENTRED;
      const placement = { image: found, from, to: extents, border, view, levels };
      placeImage(placement, image.subarray(i * length, (i + 1) * length));
      label[i] = examples.labels[index]!;
    }
    if (key) repeatFirst(image, indices.length, length);
    else image.fill(0, indices.length * length);
    label.fill(0, indices.length);
    return { image, label, count: indices.length };
  };
}

/** Fills the rest of a step with the first image: no number in the network is stranger than those of real images. */
function repeatFirst(image: Float32Array, count: number, length: number): void {
  for (let at = count * length; at < image.length; at += length) image.copyWithin(at, 0, length);
}

const lengthOf = (extents: ImageExtents): number => extents[0] * extents[1] * extents[2];

function refuseImage({ name }: FitPlan, index: number, found: number, from: ImageExtents): never {
  throw new Error(
    `${name}.fit: the image of example ${index} has ${found} numbers, expected ${lengthOf(from)} (${from.join('x')})`,
  );
}

const CENTRED: ImageView = { flip: false, dx: 0, dy: 0 };

/** Draws a view from the example's index, not from its place in the order. */
function drawView(key: Words, index: number, { flip = false, shift = 0 }: ImageAugmentation): ImageView {
  if (!flip && shift === 0) return CENTRED;
  const [a, b] = threefry(key, [index, 0]);
  const [coin] = threefry(key, [index, 1]);
  const span = 2 * shift + 1;
  return { flip: flip && coin >= 2 ** 31, dx: pick(a, span) - shift, dy: pick(b, span) - shift };
}
