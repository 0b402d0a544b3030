/** The state of a training run as a file: everything that training needs to continue with the same bits. */
import { defaultHyperparameters, type Hyperparameters } from './hyperparameters.ts';
import { isStored, type ParameterOwner } from './parameters.ts';
import { parseSafetensors, readMetadata, serializeSafetensors } from '../weights.ts';

/** The numbers that a step's random numbers are computed from. */
export interface Counters {
  seed: number;
  step: number;
}

export const saveState = (
  owner: ParameterOwner,
  counters: Counters,
  hyperparameters: Hyperparameters,
): Uint8Array =>
  serializeSafetensors(owner.parameters.filter(isStored), stateMetadata(owner, counters, hyperparameters));

function stateMetadata(
  owner: ParameterOwner,
  counters: Counters,
  hyperparameters: Hyperparameters,
): Record<string, string> {
  return {
    format: 'cnnc state',
    model: owner.name,
    seed: String(counters.seed),
    step: String(counters.step),
    hyperparameters: JSON.stringify(hyperparameters),
  };
}

/** Reads a state. Every check comes before the first write, so a wrong file changes nothing. */
export function loadState(
  owner: ParameterOwner,
  bytes: Uint8Array,
  counters: Counters,
  hyperparameters: Hyperparameters,
): void {
  const refuse = (found: string): never => {
    throw new Error(`${owner.name}.loadState: ${found}`);
  };
  const metadata = readMetadata(bytes);
  if (metadata['format'] !== 'cnnc state') refuse('these bytes are not a state written by saveState');
  if (metadata['model'] !== owner.name) refuse(`this is the state of the model ${metadata['model']}`);
  const tensors = parseSafetensors(bytes);
  for (const { name, data } of owner.parameters.filter(isStored)) {
    const found = tensors.get(name)?.data.length;
    if (found !== data.length) refuse(`${name} has ${found ?? 'no'} numbers, expected ${data.length}`);
  }
  const [seed, step] = [Number(metadata['seed']), Number(metadata['step'])];
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(step) || step < 0)
    refuse('its seed or step is damaged');
  const kept = parseHyperparameters(metadata['hyperparameters']) ?? refuse('its hyperparameters are damaged');
  for (const { name, data } of owner.parameters.filter(isStored)) data.set(tensors.get(name)!.data);
  Object.assign(counters, { seed, step });
  Object.assign(hyperparameters, kept);
}

function parseHyperparameters(text: string | undefined): Partial<Hyperparameters> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const known = Object.entries(value as object).filter(
      ([name, number]) => name in defaultHyperparameters && Number.isFinite(number),
    );
    return Object.fromEntries(known);
  } catch {
    return undefined;
  }
}
