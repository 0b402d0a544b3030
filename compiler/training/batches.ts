/**
 * Batches: which examples, in which order, how they are augmented and normalized. All of it follows from the seed, the
 * epoch and the position in the epoch, so a run that resumes anywhere sees the same examples.
 *
 *   image  f32[batch, channels, height, width]
 *   label  i32[batch]
 */
import { fail, plural } from '../diagnostics/diagnostic.ts';
import { borderOf } from './border.ts';
import type { Augmentation, DataSet, Examples, Extents } from './dataset.ts';
import type { LevelTables } from './normalize.ts';
import { epochKey, permutation, pick, threefry, type Words } from './random.ts';

/** A batch. The next batch overwrites its arrays. */
export interface Batch {
  readonly image: Float32Array;
  readonly label: Int32Array;
  /** Number of examples. In validation, zeros may fill up the last batch. */
  readonly count: number;
}

export interface BatchOptions {
  readonly data: DataSet;
  /** Extents of the model's input. */
  readonly extents: Extents;
  readonly batch: number;
  readonly seed: number;
  readonly augmentation: Augmentation;
  readonly tables: LevelTables;
}

export interface Batches {
  /** Whole batches of training examples in an epoch. The remaining examples are left out. */
  readonly trainSteps: number;
  readonly validationSteps: number;
  train(epoch: number, step: number): Promise<Batch>;
  validation(step: number): Promise<Batch>;
}

/** Whole batches in an epoch. Refuses a batch that is larger than the data. */
export function stepsPerEpoch({ name, train }: DataSet, batch: number): number {
  if (train.count < batch) {
    const found = plural(train.count, 'training example');
    fail('CNNC6010', '--batch', {}, `the batch is ${batch}, but ${name} has only ${found}`);
  }
  return Math.floor(train.count / batch);
}

export function createBatches(options: BatchOptions): Batches {
  const { data, batch, seed } = options;
  const fill = createFill(options);
  let order: { readonly epoch: number; readonly indices: Uint32Array } | undefined;
  return {
    trainSteps: stepsPerEpoch(data, batch),
    validationSteps: Math.ceil(data.validation.count / batch),
    train(epoch, step) {
      if (order?.epoch !== epoch) {
        order = { epoch, indices: permutation(epochKey(seed, epoch, 'order'), data.train.count) };
      }
      const indices = order.indices.subarray(step * batch, (step + 1) * batch);
      return fill(data.train, indices, epochKey(seed, epoch, 'augmentation'));
    },
    validation(step) {
      const first = step * batch;
      const count = Math.min(batch, data.validation.count - first);
      return fill(
        data.validation,
        Uint32Array.from({ length: count }, (_, i) => first + i),
      );
    },
  };
}

/** Fills a batch. Augments the examples if a key is given. */
type Fill = (examples: Examples, indices: Uint32Array, key?: Words) => Promise<Batch>;

function createFill({ data, extents, batch, augmentation, tables }: BatchOptions): Fill {
  const length = extents[0] * extents[1] * extents[2];
  const image = new Float32Array(batch * length);
  const label = new Int32Array(batch);
  const border = borderOf(data, extents);
  return async (examples, indices, key) => {
    for (const [i, index] of indices.entries()) {
      const reading = examples.read(index);
      const levels = reading instanceof Uint8Array ? reading : await reading;
      const view = key ? drawView(key, index, augmentation) : centred;
      placeLevels(
        { levels, from: data.extents, to: extents, border, view, tables },
        image.subarray(i * length),
      );
      label[i] = examples.labels[index]!;
    }
    image.fill(0, indices.length * length);
    label.fill(0, indices.length);
    return { image, label, count: indices.length };
  };
}

/** How an example is viewed: shifted and possibly mirrored. */
export interface View {
  readonly flip: boolean;
  /** Shift of the window to the right and down. */
  readonly dx: number;
  readonly dy: number;
}

const centred: View = { flip: false, dx: 0, dy: 0 };

/** Draws a view from the example's index, not from its place in the order. */
function drawView(key: Words, index: number, { flip, shift }: Augmentation): View {
  if (!flip && shift === 0) return centred;
  const [a, b] = threefry(key, [index, 0]);
  const [coin] = threefry(key, [index, 1]);
  const span = 2 * shift + 1;
  return { flip: flip && coin >= 2 ** 31, dx: pick(a, span) - shift, dy: pick(b, span) - shift };
}

export interface Placement {
  readonly levels: Uint8Array;
  readonly from: Extents;
  readonly to: Extents;
  /** Width of the border of zeros on each side. */
  readonly border: number;
  readonly view: View;
  readonly tables: LevelTables;
}

/**
 * out[c, y, x] = table[c][level], where the level is at (y - border + dy, x - border + dx) in the plane that the
 * table names. If flipped, x counts from the right. Beyond the example the level is 0, which is normalized too: the
 * network sees black, as in a border of the image.
 */
export function placeLevels(placement: Placement, out: Float32Array): void {
  const { levels, from, to, border, view, tables } = placement;
  const [, fromHeight, fromWidth] = from;
  const [channels, height, width] = to;
  const [top, left] = [border - view.dy, border - view.dx];
  const firstX = Math.max(0, left);
  const endX = Math.min(width, left + fromWidth);
  for (let plane = 0; plane < channels; plane++) {
    const { source, values } = tables[plane]!;
    out.fill(values[0]!, plane * height * width, (plane + 1) * height * width);
    for (let y = Math.max(0, top); y < Math.min(height, top + fromHeight); y++) {
      const row = (source * fromHeight + y - top) * fromWidth - left;
      const to = (plane * height + y) * width;
      for (let x = firstX; x < endX; x++) {
        out[to + (view.flip ? width - 1 - x : x)] = values[levels[row + x]!]!;
      }
    }
  }
}
