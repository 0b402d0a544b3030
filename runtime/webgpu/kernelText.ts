/** Chooses the text of a kernel for a device. For f16 one line of the shader is replaced. */
import type { GpuFeatures, GpuKernel, GpuPrecision } from './types.ts';

/** The type of tiles in the memory of workgroups. Kernels with tiles are printed with the line for f32. */
const TILES = { f32: 'alias half4 = vec4f;', f16: 'alias half4 = vec4<f16>;' } as const;

export function kernelText(kernel: GpuKernel, features: GpuFeatures, precision: GpuPrecision): string {
  const code = (features.has('subgroups') ? kernel.withSubgroups : undefined) ?? kernel.code;
  if (precision === 'f32' || !code.includes(TILES.f32)) return code;
  return `enable f16;\n${code.replace(TILES.f32, TILES.f16)}`;
}
