/**
 * The model of a package for several batches on WebGPU. `forward` divides arrays of any number of images among the
 * programs, as runtime/batches.ts does. All of them work on one arena; the GPU runs their calls one after the other.
 * A GPUBuffer has no parts, so a call with one runs exactly one program.
 */
import { ARRAY_TYPES, type Named, type NumberArray } from '../arrays.ts';
import { countImages, groupsOf, sizeOfOne, typesFor } from '../batches.ts';
import { checkInputs } from '../check.ts';
import { createGpuModel, type GpuBatch, type GpuModel, type GpuProgram, type OpenModel } from './model.ts';
import { isGpuBuffer } from './tensors.ts';

const batchOf = ({ inputs }: GpuBatch): number => inputs[0]!.shape[0]!;

/** Opens a package for several batches. */
export const openBatches: OpenModel = async (session, program, onProgress) => {
  const programs = [program, ...(program.larger ?? [])].reverse();
  const report = joinProgress(programs.length, onProgress);
  const models = await Promise.all(
    programs.map(async (one, i) => {
      const record = await session.compile([one.forward], report(i));
      return createGpuModel(session, { ...program, ...one }, record);
    }),
  );
  return { ...models.at(-1)!, ...batchCalls(program, programs, models) };
};

/** Reports the progress of several compilations as one. */
function joinProgress(
  count: number,
  onProgress: (done: number, total: number) => void = () => {},
): (i: number) => (done: number, total: number) => void {
  const all = Array.from({ length: count }, () => ({ done: 0, total: 0 }));
  return (i) => (done, total) => {
    all[i] = { done, total };
    const sum = (what: 'done' | 'total'): number => all.reduce((so, one) => so + one[what], 0);
    if (all.every((one) => one.total > 0)) onProgress(sum('done'), sum('total'));
  };
}

function batchCalls(
  { name, inputs, outputs }: GpuProgram,
  programs: readonly GpuBatch[],
  models: readonly GpuModel[],
): Pick<GpuModel, 'forward' | 'forwardOnGpu'> {
  const sizes = programs.map(batchOf);
  const modelFor = (call: string, images: number): GpuModel => {
    const found = models[sizes.indexOf(images)];
    if (found) return found;
    throw new Error(
      `${call}: a call with GPUBuffers takes ${[...sizes].reverse().join(' or ')} images, got ${images}`,
    );
  };
  return {
    async forward(given, out) {
      const call = `${name}.forward`;
      const onGpu = imagesOnGpu(inputs, given);
      if (onGpu !== undefined) return modelFor(call, onGpu).forward(given, out);
      const images = countImages(call, inputs, given);
      if (out) checkInputs(call, typesFor(outputs, images), out, 'out');
      const results = (out ?? newResults(outputs, images)) as Named<NumberArray>;
      let from = 0;
      const calls = groupsOf(images, sizes).map((group) => {
        const count = Math.min(sizes[group]!, images - from);
        const part = imagesFor(inputs, given as Named<NumberArray>, { from, count, images: sizes[group]! });
        const to = from;
        from += count;
        return models[group]!.forward(part).then((read) =>
          placeResults(outputs, read as Named<NumberArray>, results, to, count),
        );
      });
      await Promise.all(calls);
      return results;
    },
    async forwardOnGpu(given, out) {
      const call = `${name}.forwardOnGpu`;
      return modelFor(call, imagesOnGpu(inputs, given) ?? countImages(call, inputs, given)).forwardOnGpu(
        given,
        out,
      );
    },
  };
}

/** The number of images in a GPUBuffer among the inputs; undefined if all are arrays. */
function imagesOnGpu(types: GpuProgram['inputs'], given: unknown): number | undefined {
  for (const one of types) {
    const value = (Object(given) as Named<unknown>)[one.name];
    if (isGpuBuffer(value)) return value.size / (4 * sizeOfOne(one));
  }
  return undefined;
}

interface ImageGroup {
  readonly from: number;
  /** The number of images in it. */
  readonly count: number;
  /** The number of images that the program takes. */
  readonly images: number;
}

/** Images for one program. If they are too few, images of zeros are added. */
function imagesFor(
  types: GpuProgram['inputs'],
  given: Named<NumberArray>,
  { from, count, images }: ImageGroup,
): Named<NumberArray> {
  return Object.fromEntries(
    types.map((one) => {
      const size = sizeOfOne(one);
      const part = given[one.name]!.subarray(from * size, (from + count) * size);
      if (count === images) return [one.name, part];
      const whole = new ARRAY_TYPES[one.dtype ?? 'f32'](images * size);
      whole.set(part);
      return [one.name, whole];
    }),
  );
}

const newResults = (types: GpuProgram['outputs'], images: number): Named<NumberArray> =>
  Object.fromEntries(
    types.map((one) => [one.name, new ARRAY_TYPES[one.dtype ?? 'f32'](images * sizeOfOne(one))]),
  );

function placeResults(
  types: GpuProgram['outputs'],
  read: Named<NumberArray>,
  results: Named<NumberArray>,
  to: number,
  count: number,
): void {
  for (const one of types) {
    const size = sizeOfOne(one);
    results[one.name]!.set(read[one.name]!.subarray(0, count * size), to * size);
  }
}
