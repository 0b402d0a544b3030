/**
 * `runtime.ts` of a package: the parts of runtime/ that its module uses, one after the other. The parts
 * import nothing but one another, so joining their text without these imports is all there is to do.
 */
import type { EmitHost } from '../emit/host.ts';

export type RuntimePart =
  | 'check'
  | 'image'
  | 'training/schedule'
  | 'topK'
  | 'training/trainer'
  | 'wasm/module'
  | 'wasm/features'
  | 'webgpu/model'
  | 'webgpu/device'
  | 'webgpu/image'
  | 'webgpu/imageKernels'
  | 'webgpu/imageSource'
  | 'webgpu/kernelText'
  | 'webgpu/program'
  | 'webgpu/session'
  | 'webgpu/tensors'
  | 'webgpu/trainer'
  | 'webgpu/training'
  | 'webgpu/types'
  | 'weightStream'
  | 'weights';

export function runtimeFile(parts: readonly RuntimePart[], host: EmitHost): string {
  return parts.map((part) => partText(part, host)).join('\n\n') + '\n';
}

function partText(part: RuntimePart, host: EmitHost): string {
  return host
    .runtimeText(part)
    .replace(/^import [^;]*? from '\.\.?\/[\w/]+\.ts';\n/gm, '')
    .trim();
}
