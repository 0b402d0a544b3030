/** Compares the tensors of a weight file with those that a model has. */
export interface Shaped {
  readonly shape: readonly number[];
}

export interface NamedShape extends Shaped {
  readonly name: string;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface FittedTensors {
  /** Names in the file by names in the model, for the tensors that fit. */
  readonly stored: ReadonlyMap<string, string>;
  /** Tensors of the model that the file lacks or has with another shape. */
  readonly left: readonly LeftOut[];
  /** Tensors of the file that the model does not have. Counters of batches are not among them. */
  readonly extra: readonly LeftOut[];
}

/** Names in the file may begin with `module.` (PyTorch's DataParallel). */
export function fitTensors(wanted: readonly NamedShape[], file: ReadonlyMap<string, Shaped>): FittedTensors {
  const names = new Map([...file.keys()].map((name) => [name.replace(/^module\./, ''), name]));
  const stored = new Map<string, string>();
  const left: LeftOut[] = [];
  for (const { name, shape } of wanted) {
    const own = names.get(name);
    const found = own === undefined ? undefined : file.get(own)!.shape;
    if (found?.join() === shape.join()) stored.set(name, own!);
    else if (!found) left.push({ name, reason: 'missing in the file' });
    else left.push({ name, reason: `the file has [${found.join(',')}], the model has [${shape.join(',')}]` });
  }
  const known = new Set(wanted.map(({ name }) => name));
  const others = [...names.keys()].filter(
    (name) => !known.has(name) && !name.endsWith('num_batches_tracked'),
  );
  return { stored, left, extra: others.map((name) => ({ name, reason: 'not in the model' })) };
}

/** The error for a file that does not fit. */
export function refuseTensors(
  call: string,
  left: readonly LeftOut[],
  found = 'the file does not fit the model',
): never {
  const problems = left.map(({ name, reason }) => `\n  ${name}: ${reason}`).join('');
  throw new Error(`${call}: ${found}${problems}`);
}
