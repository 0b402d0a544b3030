/** Pads images that are slightly smaller than the model's input with zeros. */
import { fail } from '../diagnostics/diagnostic.ts';
import type { DataSet, Extents } from './dataset.ts';

/** The widest border on each side. A larger difference counts as a mistake. */
const MAX_BORDER = 4;

/** Width of the border that makes the data as large as the model's input. Refuses data that cannot be padded. */
export function borderOf(data: Pick<DataSet, 'name' | 'extents'>, model: Extents): number {
  const [channels, height, width] = data.extents;
  const border = (model[1] - height) / 2;
  const fits =
    channels === model[0] &&
    border === (model[2] - width) / 2 &&
    Number.isInteger(border) &&
    border >= 0 &&
    border <= MAX_BORDER;
  if (fits) return border;
  return fail(
    'CNNC6009',
    '--data',
    {},
    `the images of ${data.name} are ${data.extents.join('x')}, the model takes ${model.join('x')}`,
    [
      `images may be padded with at most ${MAX_BORDER} zeros on each side; --fit resize resizes them as the model's preprocess does`,
    ],
  );
}
