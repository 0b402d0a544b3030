/**
 * Runs `prepare` at compile time. Postcondition: the program has no phase `prepare`. Its results (folded and packed
 * weights), and parameters that kernels read without change, have become `constant` buffers with their numbers.
 */
import { compileKernel, type KernelArray } from '../kernel/javascript.ts';
import type { ElementType } from '../kernel/types.ts';
import { BYTES_PER_ELEMENT } from './bytes.ts';
import { preparedBuffers, runCalls } from './liveness.ts';
import {
  phaseCalls,
  rootOf,
  writtenArgs,
  type Buffer,
  type BufferId,
  type KernelCall,
  type Program,
} from './types.ts';

/** Numbers of every parameter in their canonical order, by public name. */
export type ParameterData = ReadonlyMap<string, Float32Array>;

function allocate(element: ElementType, length: number): KernelArray {
  switch (element) {
    case 'f32':
      return new Float32Array(length);
    case 'i32':
      return new Int32Array(length);
    case 'u32':
      return new Uint32Array(length);
  }
}

export function bake(program: Program, parameters: ParameterData): Program {
  const numbersOf = runAtCompileTime(program, parameters, phaseCalls(program, 'prepare'));
  const read = new Set(runCalls(program).flatMap((call) => call.args));
  const fixed = (buffer: Buffer): Buffer => ({ ...buffer, role: 'constant', data: numbersOf(buffer.id) });
  return {
    ...program,
    buffers: replaceBaked(program, preparedBuffers(program), read, fixed),
    phases: program.phases.filter(({ name }) => name !== 'prepare'),
  };
}

export interface PartlyBaked {
  readonly program: Program;
  /** Numbers of every parameter of the program. */
  readonly data: ParameterData;
}

/**
 * Runs only those calls of `prepare` whose results are not much larger than what they read. Postcondition: `prepare` has
 * the other calls. What they or a run read is a flat `parameter` by its name in a packed weight file.
 */
export function bakeSmaller(program: Program, parameters: ParameterData): PartlyBaked {
  const kept = growingCalls(program);
  const calls = phaseCalls(program, 'prepare').filter((call) => !kept.has(call));
  const numbersOf = runAtCompileTime(program, parameters, calls);
  const read = new Set([...runCalls(program), ...kept].flatMap((call) => call.args));
  const data = new Map<string, Float32Array>();
  const stored = (buffer: Buffer): Buffer => {
    if (buffer.role === 'constant') return buffer;
    const { publicName = buffer.name } = buffer;
    data.set(publicName, numbersOf(buffer.id) as Float32Array);
    return { ...buffer, role: 'parameter', publicName };
  };
  const phases = program.phases.map((phase) =>
    phase.name === 'prepare' ? { ...phase, calls: phase.calls.filter((call) => kept.has(call)) } : phase,
  );
  const buffers = replaceBaked(program, written(calls), read, stored);
  return { program: { ...program, buffers, phases: phases.filter(({ calls }) => calls.length > 0) }, data };
}

/**
 * A result stays out of the weight file if it has so many times the bytes of what it is made from, and so many more. Less,
 * such as rows that are filled up, is not worth the code at load.
 */
const LARGER_BY = 1.5;
const LARGER_BYTES = 4096;

/** The calls of `prepare` whose results are much larger than what they read, and those that need their results. */
function growingCalls(program: Program): ReadonlySet<KernelCall> {
  const calls = phaseCalls(program, 'prepare');
  const bytesOf = (ids: Iterable<BufferId>): number =>
    [...ids].reduce((sum, id) => sum + program.buffers[id]!.length * BYTES_PER_ELEMENT, 0);
  const grows = (call: KernelCall): boolean => {
    const results = written([call]);
    const [after, before] = [bytesOf(results), bytesOf(call.args.filter((id) => !results.has(id)))];
    return after > LARGER_BY * before && after - before > LARGER_BYTES;
  };
  const kept = new Set(calls.filter(grows));
  const rootsOf = (ids: Iterable<BufferId>): BufferId[] => [...ids].map((id) => rootOf(program, id).buffer);
  for (let before = -1; before < kept.size;) {
    before = kept.size;
    const made = new Set(rootsOf(written([...kept])));
    for (const call of calls) if (rootsOf(call.args).some((id) => made.has(id))) kept.add(call);
  }
  return kept;
}

const written = (calls: readonly KernelCall[]): ReadonlySet<BufferId> =>
  new Set(calls.flatMap((call) => writtenArgs(call).map((position) => call.args[position]!)));

/** Runs calls of `prepare`, and returns the numbers of buffers after that. */
function runAtCompileTime(
  program: Program,
  parameters: ParameterData,
  calls: readonly KernelCall[],
): (id: BufferId) => KernelArray {
  const data = new Map<BufferId, KernelArray>();
  const numbersOf = (id: BufferId): KernelArray => {
    const known = data.get(id);
    if (known) return known;
    const numbers = initialNumbers(program.buffers[id]!, parameters);
    data.set(id, numbers);
    return numbers;
  };
  const compiled = new Map<unknown, ReturnType<typeof compileKernel>>();
  for (const call of calls) {
    const { plain = call.kernel } = call;
    const run = compiled.get(plain) ?? compileKernel(plain);
    compiled.set(plain, run);
    run(...call.args.map(numbersOf));
  }
  return numbersOf;
}

/** Replaces parameters, constants and results of baked calls if they are read, and frees the others. */
const replaceBaked = (
  { buffers }: Program,
  baked: ReadonlySet<BufferId>,
  read: ReadonlySet<BufferId>,
  replace: (buffer: Buffer) => Buffer,
): Buffer[] =>
  buffers.map((buffer) => {
    const isFixed = baked.has(buffer.id) || buffer.role === 'parameter' || buffer.role === 'constant';
    if (!isFixed) return buffer;
    // Buffers that only baked calls read are removed from the program.
    return read.has(buffer.id) ? replace(buffer) : { ...buffer, role: 'temporary', data: undefined };
  });

function initialNumbers(buffer: Buffer, parameters: ParameterData): KernelArray {
  if (buffer.role !== 'parameter' && buffer.role !== 'constant')
    return allocate(buffer.element, buffer.length);
  const numbers = buffer.role === 'parameter' ? parameters.get(buffer.publicName ?? '') : buffer.data;
  if (!numbers) throw new Error(`no numbers for the ${buffer.role} ${buffer.publicName ?? buffer.name}`);
  // Kernels only read these, so a model's own numbers are not copied.
  if (numbers instanceof Float32Array && buffer.element === 'f32') return numbers;
  const copy = allocate(buffer.element, buffer.length);
  copy.set(numbers);
  return copy;
}
