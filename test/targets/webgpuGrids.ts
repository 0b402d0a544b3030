/** Programs of the WebGPU target without a GPU: their grids run by the interpreter, which checks every access. */
import { interpretKernel, type InterpreterArray } from '../../compiler/kernel/interpreter.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { rootOf, type BufferId, type Program } from '../../compiler/program/types.ts';
import { gridsOf } from '../../compiler/targets/webgpu/dispatches.ts';

/** In f64, from NaN everywhere; the results by their public names. */
export function interpretGrids(program: Program, bindings: Bindings): Record<string, Float64Array> {
  const memory = new Map<BufferId, Float64Array>();
  for (const buffer of program.buffers) {
    if (buffer.within) continue;
    const numbers = new Float64Array(buffer.length).fill(NaN);
    if (buffer.role === 'constant') numbers.set(buffer.data!);
    const given = buffer.role === 'input' || buffer.role === 'parameter';
    if (given) numbers.set(bindings[buffer.publicName!]!);
    memory.set(buffer.id, numbers);
  }
  const viewOf = (id: BufferId): InterpreterArray => {
    const { buffer, offset } = rootOf(program, id);
    return memory.get(buffer)!.subarray(offset, offset + program.buffers[id]!.length);
  };
  for (const call of program.phases.flatMap(({ calls }) => calls)) {
    for (const { kernel, args } of gridsOf(call.kernel))
      interpretKernel(
        verifyKernel(kernel),
        args.map((i) => viewOf(call.args[i]!)),
      );
  }
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return Object.fromEntries(outputs.map(({ id, publicName }) => [publicName!, memory.get(id)!]));
}
