/** The race detector of `wgsl_reflect`: a shader's invocations in lockstep, by an interpreter that is not ours. */
import { detectRaces } from 'wgsl_reflect/wgsl_reflect.module.js';
import type { Shader } from '../../compiler/targets/webgpu/dispatches.ts';

/**
 * What it finds, as lines; numbers are all 1, so that indices that are read lie inside. It interprets slowly, and
 * workgroups know nothing of each other: one is run.
 */
export function racesIn({ code, bindings }: Pick<Shader, 'code' | 'bindings'>): string[] {
  const group = bindings.map(({ length, element }, i) => {
    const numbers = element === 'f32' ? new Float32Array(length).fill(1) : new Uint32Array(length).fill(1);
    return [i, numbers] as const;
  });
  // Its scanner takes the name for the address space.
  const read = code.replaceAll(/(?<!<)\bworkgroup\b/g, 'workgroupNumber');
  const { races, errors } = detectRaces(read, 'main', [1, 1, 1], {
    0: Object.fromEntries(group),
  });
  return [...errors, ...new Set(races.map(({ message }) => message))];
}

export const hasWorkgroupMemory = ({ code }: Pick<Shader, 'code'>): boolean =>
  code.includes('var<workgroup>');
