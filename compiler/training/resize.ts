/** `--fit resize`: passes all examples of a data set through the model's `preprocess`, at once. */
import { packedExamples, type DataSet, type Examples, type Extents } from './dataset.ts';

/** Converts interleaved pixels to planes of the wanted extents. */
export type ToLevels = (pixels: Uint8Array, width: number, height: number) => Uint8Array;

export async function resizeData(data: DataSet, extents: Extents, toLevels: ToLevels): Promise<DataSet> {
  const resize = (examples: Examples) => resizeExamples(examples, data.extents, extents, toLevels);
  return { ...data, extents, train: await resize(data.train), validation: await resize(data.validation) };
}

async function resizeExamples(
  examples: Examples,
  [channels, height, width]: Extents,
  to: Extents,
  toLevels: ToLevels,
): Promise<Examples> {
  const length = to[0] * to[1] * to[2];
  const all = new Uint8Array(examples.count * length);
  const pixels = new Uint8Array(channels * height * width);
  for (let i = 0; i < examples.count; i++) {
    interleave(await examples.read(i), channels, pixels);
    all.set(toLevels(pixels, width, height), i * length);
  }
  return packedExamples(all, examples.labels, length);
}

function interleave(planes: Uint8Array, channels: number, pixels: Uint8Array): void {
  const area = planes.length / channels;
  for (let plane = 0; plane < channels; plane++) {
    for (let i = 0; i < area; i++) pixels[i * channels + plane] = planes[plane * area + i]!;
  }
}
