/**
 * Loads weights into a package that folds and packs them itself. Its `prepare` is a generator: before each group of
 * kernel calls it yields the names of the tensors that must be in their places. Places are used several times, so
 * tensors are read right then. Any safetensors file with the model's names and shapes will do, such as a state dict of
 * PyTorch or what `exportWeights()` of a trainer returns; tensors that the model does not use are skipped. A package with
 * fixed weights takes only its own file, which has other names.
 */
import { fitTensors, refuseTensors, type NamedShape, type Shaped } from './fitTensors.ts';
import { parseSafetensors, type ByteSource } from './weights.ts';
import { allowOrder, closeWeights, openWeights, readTensors } from './weightStream.ts';

/** A tensor of the weight file, and the array that it fills. */
export interface StagedTensor extends NamedShape {
  readonly data: Float32Array;
}

export interface StagedWeights {
  readonly name: string;
  /** All tensors, in the order in which `steps` needs them. */
  readonly tensors: readonly StagedTensor[];
  /** A run of `prepare`. Tensors that it does not name are read at the end. */
  readonly steps: Iterable<readonly string[]>;
  /** The flag that left out the code for other files. */
  readonly flag?: string;
}

/** Reads the weights as soon as `loading` has resolved, and returns what it has resolved to. */
export async function streamStaged<T>(
  source: ByteSource,
  loading: T | Promise<T>,
  stage: (loaded: T) => StagedWeights,
): Promise<T> {
  const opening = openWeights(source);
  const [loaded, file] = await Promise.all([loading, opening]).catch(async (error: unknown) => {
    await opening.then(closeWeights, () => {});
    throw error;
  });
  try {
    const { name, tensors, steps, flag } = stage(loaded);
    const stored = namesInFile(`${name}.load`, tensors, file.entries, flag);
    const places = new Map(tensors.map((one) => [one.name, one.data]));
    await allowOrder(file, stored.values());
    for (const names of inSteps(tensors, steps)) {
      const arrays = names.map((one) => [stored.get(one)!, places.get(one)!] as const);
      await readTensors(file, new Map(arrays));
    }
    return loaded;
  } finally {
    await closeWeights(file);
  }
}

/** Loads weights from memory. If they do not fit the model, it throws and nothing changes. */
export function fillStaged({ name, tensors, steps }: StagedWeights, bytes: Uint8Array | ArrayBuffer): void {
  const file = parseSafetensors(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  const stored = namesInFile(`${name}.loadWeights`, tensors, file);
  const places = new Map(tensors.map((one) => [one.name, one.data]));
  for (const names of inSteps(tensors, steps))
    for (const one of names) places.get(one)!.set(file.get(stored.get(one)!)!.data);
}

/** The names of all tensors in a file. Throws if the file lacks one or has another shape. */
export function namesInFile(
  call: string,
  tensors: readonly NamedShape[],
  file: ReadonlyMap<string, Shaped>,
  flag?: string,
): ReadonlyMap<string, string> {
  const { stored, left } = fitTensors(tensors, file);
  const others = `the package was compiled with ${flag}, so it only takes its own weight file`;
  if (left.length > 0) refuseTensors(call, left, flag && others);
  return stored;
}

/** The steps, and at the end the names that none of them has. */
function* inSteps(
  tensors: readonly StagedTensor[],
  steps: Iterable<readonly string[]>,
): Iterable<readonly string[]> {
  const left = new Set(tensors.map(({ name }) => name));
  for (const names of steps) {
    for (const name of names) left.delete(name);
    yield names;
  }
  yield [...left];
}
