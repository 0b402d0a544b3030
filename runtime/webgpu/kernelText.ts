/** Which text of a kernel a device compiles: one shader is written for all of them, in lines that can be exchanged. */
import type { GpuFeatures, GpuKernel, GpuPrecision } from './types.ts';

/** Of tiles in the memory of workgroups; compiler/targets/webgpu/shader.ts writes the first. */
const TILES = { f32: 'alias half4 = vec4f;', f16: 'alias half4 = vec4<f16>;' } as const;

export function kernelText(kernel: GpuKernel, features: GpuFeatures, precision: GpuPrecision): string {
  const code = (features.has('subgroups') ? kernel.withSubgroups : undefined) ?? kernel.code;
  if (precision === 'f32' || !code.includes(TILES.f32)) return code;
  return `enable f16;\n${code.replace(TILES.f32, TILES.f16)}`;
}
