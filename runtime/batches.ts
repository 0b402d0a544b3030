/**
 * `forward` of a package for several batches. It takes any number of images and divides them among the programs: as many
 * as fit to the largest program, then to the next. Images that are too few for the smallest program run with images of
 * zeros beside them, whose results are dropped.
 *
 *     batches 1, 8 and 32, 50 images: 32 + 8 + 8 + 1 + 1
 */
import { ARRAY_TYPES, type Named, type NumberArray } from './arrays.ts';
import { checkInputs, inputsFit, type Expected } from './check.ts';

/** A program for one batch, in its memory. Arrays are in the order of the model's inputs and outputs. */
export interface BatchProgram<Memory> {
  readonly images: number;
  readonly create: () => Memory;
  readonly inputs: (memory: Memory) => readonly NumberArray[];
  readonly outputs: (memory: Memory) => readonly NumberArray[];
  readonly run: (memory: Memory) => void;
}

/** A program whose memory exists. */
export interface OpenProgram {
  readonly images: number;
  readonly inputs: () => readonly NumberArray[];
  readonly outputs: () => readonly NumberArray[];
  readonly run: () => void;
}

export function batchProgram<Memory>({
  images,
  create,
  inputs,
  outputs,
  run,
}: BatchProgram<Memory>): OpenProgram {
  let memory = create();
  // When the memory of WebAssembly grows, views of it become empty.
  const open = (): Memory => (inputs(memory)[0]!.length > 0 ? memory : (memory = create()));
  return {
    images,
    inputs: () => inputs(open()),
    outputs: () => outputs(open()),
    run: () => run(open()),
  };
}

/** The programs that run so many images, by their positions; `sizes` are their batches, the largest first. */
export function groupsOf(images: number, sizes: readonly number[]): number[] {
  const groups: number[] = [];
  let left = images;
  sizes.forEach((size, i) => {
    for (; left >= size; left -= size) groups.push(i);
  });
  if (left > 0) groups.push(sizes.length - 1);
  return groups;
}

/** The types of so many images; `types` has those of one batch. */
export const typesFor = (types: readonly Expected[], images: number): Expected[] =>
  types.map((one) => ({ ...one, shape: [images, ...one.shape.slice(1)] }));

/** The number of numbers of one image. */
export const sizeOfOne = ({ shape }: Expected): number =>
  shape.slice(1).reduce((size, extent) => size * extent, 1);

/** The number of images in the arguments. Throws if they are wrong. */
export function countImages(call: string, types: readonly Expected[], inputs: unknown): number {
  const [first] = types as [Expected];
  const size = sizeOfOne(first);
  const given = (inputs as Named<unknown> | undefined)?.[first.name];
  const length = given instanceof ARRAY_TYPES[first.dtype ?? 'f32'] ? given.length : size;
  const images = length / size;
  if (!Number.isInteger(images) || images === 0) {
    const shape = first.shape.slice(1).join('x') || 'a scalar';
    throw new Error(
      `${call}: input \`${first.name}\` needs ${size} numbers (${shape}) for each image, got ${length}`,
    );
  }
  const expected = typesFor(types, images);
  if (!inputsFit(expected, inputs)) checkInputs(call, expected, inputs);
  return images;
}

/** Arrays for the results of a call, which are used again while they are large enough. */
export function reusedResults(types: readonly Expected[]): (images: number) => Named<NumberArray> {
  let capacity = 0;
  let arrays: NumberArray[] = [];
  return (images) => {
    if (images > capacity) {
      capacity = images;
      arrays = types.map((one) => new ARRAY_TYPES[one.dtype ?? 'f32'](images * sizeOfOne(one)));
    }
    return Object.fromEntries(
      types.map((one, i) => [one.name, arrays[i]!.subarray(0, images * sizeOfOne(one))]),
    );
  };
}

/** `programs` begin with the largest batch. */
export function forwardInBatches<Inputs extends object, Outputs extends object>(
  call: string,
  inputTypes: readonly Expected[],
  outputTypes: readonly Expected[],
  programs: readonly OpenProgram[],
): (inputs: Inputs, out?: Outputs) => Outputs {
  const resultsFor = reusedResults(outputTypes);
  const sizes = programs.map(({ images }) => images);
  return (inputs, out) => {
    const images = countImages(call, inputTypes, inputs);
    if (out) checkInputs(call, typesFor(outputTypes, images), out, 'out');
    const results = out ?? (resultsFor(images) as Outputs);
    let done = 0;
    for (const group of groupsOf(images, sizes)) {
      const program = programs[group]!;
      const count = Math.min(program.images, images - done);
      copyIn(inputTypes, inputs as Named<NumberArray>, program.inputs(), done, count);
      program.run();
      copyOut(outputTypes, program.outputs(), results as Named<NumberArray>, done, count);
      done += count;
    }
    return results;
  };
}

/** Copies images to the program's inputs. The places of missing ones become zeros. */
function copyIn(
  types: readonly Expected[],
  inputs: Named<NumberArray>,
  places: readonly NumberArray[],
  from: number,
  count: number,
): void {
  types.forEach((one, i) => {
    const size = sizeOfOne(one);
    places[i]!.set(inputs[one.name]!.subarray(from * size, (from + count) * size));
    places[i]!.fill(0, count * size);
  });
}

function copyOut(
  types: readonly Expected[],
  places: readonly NumberArray[],
  results: Named<NumberArray>,
  to: number,
  count: number,
): void {
  types.forEach((one, i) => {
    const size = sizeOfOne(one);
    results[one.name]!.set(places[i]!.subarray(0, count * size), to * size);
  });
}
