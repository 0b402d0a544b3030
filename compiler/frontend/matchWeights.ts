/**
 * Matches the tensors of a weight file to the parameters that a model expects. It collects every problem of the file
 * first, so that one `Diagnostic` names them all.
 */
import { fail, nearest, plural } from '../diagnostics/diagnostic.ts';
import { sameShape } from '../ir/types.ts';
import { toFloat32, type SafetensorsFile, type StoredTensor } from './safetensors.ts';

/** A parameter that the model expects weights for. */
export interface ExpectedWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface MatchOptions {
  /** Leaves out tensors that the model does not have. Otherwise they are an error. */
  readonly allowExtra?: boolean;
  /**
   * Names of tensors that only the training model has. They are no error and are not reported. Called only if the
   * file has extra tensors.
   */
  readonly alsoKnown?: () => readonly string[];
  /**
   * Leaves out parameters that the file lacks, or has with another shape or as integers. Otherwise they are an error.
   */
  readonly allowMismatch?: boolean;
}

export type Misfit = 'missing' | 'extra' | 'wrong shape' | 'not float';

/** A parameter of the model without weights, or (`extra`) a tensor of the file that the model does not use. */
export interface LeftOut {
  readonly name: string;
  readonly reason: Misfit;
  /** What was found and what was expected, as a phrase. */
  readonly detail: string;
}

export interface MatchedWeights {
  /** Values by the model's names, in the model's order. */
  readonly weights: Map<string, Float32Array>;
  /** Empty unless the options allow something to be left out. */
  readonly left: readonly LeftOut[];
}

const FLOATS: ReadonlySet<string> = new Set(['F32', 'F16', 'BF16', 'F64']);
const MAX_LINES = 30;
const PARALLEL_PREFIX = 'module.';

/**
 * Pairs tensors and parameters by name. The prefix `module.` of PyTorch's DataParallel is ignored, and so is
 * `*.num_batches_tracked` if the model has no such parameter. Errors call the file `fileName`.
 */
export function matchWeights(
  file: SafetensorsFile,
  expected: readonly ExpectedWeight[],
  fileName: string,
  options: MatchOptions = {},
): MatchedWeights {
  const { found, extra: unused } = pairByName(file, expected);
  const extra = withoutKnown(unused, options);
  const weights = new Map<string, Float32Array>();
  const misfits: LeftOut[] = [];
  for (const parameter of expected) {
    const tensor = found.get(parameter.name);
    const misfit = findMisfit(parameter, tensor);
    if (misfit) misfits.push(misfit);
    else if (tensor) weights.set(parameter.name, toFloat32(tensor));
  }
  for (const tensor of extra)
    misfits.push({ name: tensor.name, reason: 'extra', detail: formatTensor(tensor) });
  const problems = misfits.filter(
    ({ reason }) => !(reason === 'extra' ? options.allowExtra : options.allowMismatch),
  );
  if (problems.length > 0) refuse(problems, expected, extra, fileName);
  if (weights.size === 0 && expected.length > 0) {
    fail(
      'CNNC2002',
      'weights',
      { file: fileName },
      `the file has none of the ${plural(expected.length, 'weight')} of the model`,
    );
  }
  return { weights, left: misfits };
}

function withoutKnown(unused: readonly StoredTensor[], { alsoKnown }: MatchOptions): readonly StoredTensor[] {
  if (unused.length === 0 || !alsoKnown) return unused;
  const known = new Set(alsoKnown());
  return unused.filter(({ name }) => !known.has(name) && !known.has(name.replace(PARALLEL_PREFIX, '')));
}

interface Pairs {
  readonly found: ReadonlyMap<string, StoredTensor>;
  readonly extra: readonly StoredTensor[];
}

function pairByName({ tensors }: SafetensorsFile, expected: readonly ExpectedWeight[]): Pairs {
  const found = new Map<string, StoredTensor>();
  const used = new Set<StoredTensor>();
  for (const { name } of expected) {
    const tensor = tensors.get(name) ?? tensors.get(PARALLEL_PREFIX + name);
    if (!tensor) continue;
    found.set(name, tensor);
    used.add(tensor);
  }
  const extra = [...tensors.values()].filter(
    (tensor) => !used.has(tensor) && !/(^|\.)num_batches_tracked$/.test(tensor.name),
  );
  return { found, extra };
}

function findMisfit({ name, shape }: ExpectedWeight, tensor: StoredTensor | undefined): LeftOut | undefined {
  const wanted = `[${shape.join(',')}]`;
  if (!tensor) return { name, reason: 'missing', detail: `the model expects ${wanted}` };
  const has = `the file has ${formatTensor(tensor)}, the model expects`;
  if (!sameShape(tensor.shape, shape)) return { name, reason: 'wrong shape', detail: `${has} ${wanted}` };
  if (!FLOATS.has(tensor.dtype)) return { name, reason: 'not float', detail: `${has} floats` };
  return undefined;
}

const formatTensor = ({ dtype, shape }: StoredTensor): string => `${dtype}[${shape.join(',')}]`;

const COUNTED: { readonly [M in Misfit]: (count: number) => string } = {
  missing: (count) => `${count} missing`,
  extra: (count) => `${count} unexpected`,
  'wrong shape': (count) => `${count} of another shape`,
  'not float': (count) => `${count} not of a float type`,
};

function refuse(
  problems: readonly LeftOut[],
  expected: readonly ExpectedWeight[],
  extra: readonly StoredTensor[],
  fileName: string,
): never {
  const shapes = new Map(expected.map(({ name, shape }) => [name, shape]));
  const lines = problems.slice(0, MAX_LINES).map((problem) => {
    const like =
      problem.reason === 'missing'
        ? findLike(problem.name, shapes.get(problem.name) ?? [], extra)
        : undefined;
    return `${problem.reason.padEnd(11)} ${problem.name}: ${problem.detail}${like ? `; did you mean \`${like}\`?` : ''}`;
  });
  if (problems.length > MAX_LINES) lines.push(`… and ${problems.length - MAX_LINES} more`);
  const counts = (Object.keys(COUNTED) as Misfit[])
    .map((reason) => ({ reason, count: problems.filter((problem) => problem.reason === reason).length }))
    .filter(({ count }) => count > 0)
    .map(({ reason, count }) => COUNTED[reason](count));
  const headline = `the file does not fit the ${plural(expected.length, 'weight')} of the model: ${counts.join(', ')}`;
  fail('CNNC2001', 'weights', { file: fileName }, headline, lines);
}

/** Finds an unused tensor of the same shape whose name ends with the missing name or is nearly the same. */
function findLike(
  name: string,
  shape: readonly number[],
  extra: readonly StoredTensor[],
): string | undefined {
  const names = extra.filter((tensor) => sameShape(tensor.shape, shape)).map((tensor) => tensor.name);
  return names.find((candidate) => candidate.endsWith(`.${name}`)) ?? nearest(name, names);
}
