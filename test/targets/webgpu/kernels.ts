/** Small kernels over grids, and their shaders where every buffer has a memory of its own. */
import { buildKernel, type KernelBuilder } from '../../../compiler/kernel/builder.ts';
import { shareKernelIndices } from '../../../compiler/kernel/passes/shareIndices.ts';
import type { Grid, Kernel, KernelBuffer } from '../../../compiler/kernel/types.ts';
import { verifyKernel } from '../../../compiler/kernel/verifier.ts';
import { bindRegions, type Region, type Space } from '../../../compiler/targets/webgpu/bindings.ts';
import { branchOnLoads } from '../../../compiler/targets/webgpu/passes/branchOnLoads.ts';
import { renameWords } from '../../../compiler/targets/webgpu/passes/renameWords.ts';
import { bindKernel, type BoundKernel } from '../../../compiler/targets/webgpu/shaders.ts';
import { printShader } from '../../../compiler/targets/webgpu/shader.ts';

/** `x: read f32[64]`, `out: write i32[8]` */
function bufferOf(text: string): KernelBuffer {
  const [, name, access, element, length] = /^(\w+): (\w+) (\w+)\[(\d+)\]$/.exec(text)!;
  return {
    name: name!,
    access: access as KernelBuffer['access'],
    element: element as KernelBuffer['element'],
    length: Number(length),
  };
}

export const SMALL_GRID: Grid = { workgroups: 4, invocations: 16, shared: [] };

export const gridKernel = (
  buffers: readonly string[],
  build: (k: KernelBuilder) => void,
  grid: Grid = SMALL_GRID,
): Kernel => verifyKernel(buildKernel({ name: 'small', buffers: buffers.map(bufferOf), grid }, build));

export const region = (offset: number, bytes: number, space: Space = 'arena'): Region => ({
  ...{ space, offset, bytes },
});

/** Places one after the other, with at least a kilobyte between them. */
export const apart = (kernel: Kernel): Region[] => {
  let end = 0;
  return kernel.buffers.map(({ length }) => {
    const offset = end;
    end += Math.ceil((length * 4) / 1024) * 1024 + 1024;
    return region(offset, length * 4);
  });
};

/** The kernel after the passes that every kernel goes through. */
const legal = (kernel: Kernel): Kernel =>
  verifyKernel(renameWords(branchOnLoads(shareKernelIndices(kernel))));

export const boundKernel = (kernel: Kernel, regions: readonly Region[] = apart(kernel)): BoundKernel =>
  bindKernel(legal(kernel), bindRegions(kernel, regions));

export const shaderOf = (kernel: Kernel, regions: readonly Region[] = apart(kernel)): string =>
  printShader(boundKernel(kernel, regions));
