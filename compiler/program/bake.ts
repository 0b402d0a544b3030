/**
 * Runs `prepare` at compile time. Postcondition: the program has no phase `prepare`. Its results (folded and packed
 * weights), and parameters that kernels read without change, have become `constant` buffers with their numbers.
 */
import { compileKernel, type KernelArray } from '../kernel/javascript.ts';
import type { ElementType } from '../kernel/types.ts';
import { preparedBuffers, runCalls } from './liveness.ts';
import { phaseCalls, type Buffer, type BufferId, type Program } from './types.ts';

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
  const data = new Map<BufferId, KernelArray>();
  const numbersOf = (id: BufferId): KernelArray => {
    const known = data.get(id);
    if (known) return known;
    const numbers = initialNumbers(program.buffers[id]!, parameters);
    data.set(id, numbers);
    return numbers;
  };
  const compiled = new Map<unknown, ReturnType<typeof compileKernel>>();
  for (const call of phaseCalls(program, 'prepare')) {
    const { plain = call.kernel } = call;
    const run = compiled.get(plain) ?? compileKernel(plain);
    compiled.set(plain, run);
    run(...call.args.map(numbersOf));
  }
  const prepared = preparedBuffers(program);
  const read = new Set(runCalls(program).flatMap((call) => call.args));
  const buffers = program.buffers.map((buffer): Buffer => {
    const isFixed = prepared.has(buffer.id) || buffer.role === 'parameter' || buffer.role === 'constant';
    if (!isFixed) return buffer;
    // Buffers that only `prepare` read are removed from the program.
    return read.has(buffer.id)
      ? { ...buffer, role: 'constant', data: numbersOf(buffer.id) }
      : { ...buffer, role: 'temporary', data: undefined };
  });
  return { ...program, buffers, phases: program.phases.filter(({ name }) => name !== 'prepare') };
}

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
