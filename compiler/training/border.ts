/** Zeros around images that are a little smaller than the model's input. */
import { fail } from '../diagnostics/diagnostic.ts';
import type { DataSet, Extents } from './dataset.ts';

/** Zeros around the image that are taken for a border and not for a mistake, on each side. */
const MAX_BORDER = 4;

/** Zeros on each side that make the data's extents the model's; data that cannot be padded is refused. */
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
    '--data',
    {},
    `the images of ${data.name} are ${data.extents.join('x')}, the model takes ${model.join('x')}`,
    [
      `up to ${MAX_BORDER} zeros are put around images on each side; --fit resize lets the model's preprocess make its size`,
    ],
  );
}
