/**
 * `runtime.ts` of a package: the parts of runtime/ that its module uses, one behind the other. The parts
 * import nothing but one another, so joining their text without these imports is all there is to do.
 */
import { readFileSync } from 'node:fs';

export type RuntimePart =
  | 'check'
  | 'detection'
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

export function runtimeFile(parts: readonly RuntimePart[]): string {
  return parts.map((part) => partText(part)).join('\n\n') + '\n';
}

function partText(part: RuntimePart): string {
  const text = readFileSync(new URL(`../../runtime/${part}.ts`, import.meta.url), 'utf8');
  return text.replace(/^import [^;]*? from '\.\.?\/[\w/]+\.ts';\n/gm, '').trim();
}
