/**
 * Kernel calls as the WebGPU target has them, by the interpreter, at the plan's offsets: every access lies in its buffer,
 * no two invocations meet, invocations of a workgroup agree on the way to barriers; otherwise it throws. All memory is one
 * of f64, so that what stands in the place of something else does so here.
 */
import { dispatchesOf } from '../../compiler/kernel/parts.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import type { Kernel } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { rootOf, type Program } from '../../compiler/program/types.ts';
import { BINDING_ALIGNMENT } from '../../compiler/targets/webgpu/bindings.ts';
import { placeAll, WORD } from './gpuPlaces.ts';

/** Outputs by their public names, in row-major order; of kernels that are changed first. */
export function interpretOnGrid(
  program: Program,
  bindings: Bindings,
  changed: (kernel: Kernel) => Kernel = (kernel) => kernel,
): Readonly<Record<string, Float64Array>> {
  const { regions, bytes } = placeAll(program, planMemory(program, { alignment: BINDING_ALIGNMENT }));
  const memories = new Map(
    [...bytes].map(([space, size]) => [space, new Float64Array(size / WORD).fill(NaN)] as const),
  );
  const views = program.buffers.map(({ id, length }) => {
    const { space, offset } = regions.get(id)!;
    return memories.get(space)!.subarray(offset / WORD, offset / WORD + length);
  });
  for (const { id, role, data, publicName = '' } of program.buffers) {
    if (role === 'constant') views[id]!.set(data!);
    const isGiven = role === 'input' || role === 'parameter';
    if (isGiven && rootOf(program, id).buffer === id) views[id]!.set(bindings[publicName]!);
  }
  for (const { kernel, args } of program.phases.flatMap(({ calls }) => calls)) {
    for (const part of dispatchesOf(kernel))
      interpretKernel(
        verifyKernel(changed(part.kernel)),
        part.args.map((i) => views[args[i]!]!),
      );
  }
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return Object.fromEntries(outputs.map(({ id, publicName }) => [publicName!, views[id]!]));
}
