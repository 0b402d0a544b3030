/** The race detector of `wgsl_reflect`: a shader's invocations in lockstep, by an interpreter that is not ours. */
import { detectRaces } from 'wgsl_reflect/wgsl_reflect.module.js';
import type { PrintedShader } from './gpuMachine.ts';

/**
 * What it finds, as lines; numbers are all 1, so that indices that are read lie inside. It interprets slowly, and
 * workgroups know nothing of each other: one is run.
 */
export function racesIn({ code, bindings }: Pick<PrintedShader, 'code' | 'bindings'>): string[] {
  const group = bindings.map(({ length, element }, i) => {
    const numbers = element === 'f32' ? new Float32Array(length).fill(1) : new Uint32Array(length).fill(1);
    return [i, numbers] as const;
  });
  // Its scanner takes the name for the address space.
  const read = withReductionsInline(code).replaceAll(/(?<!<)\bworkgroup\b/g, 'workgroupNumber');
  const { races, errors } = detectRaces(read, 'main', [1, 1, 1], {
    0: Object.fromEntries(group),
  });
  return [...errors, ...new Set(races.map(({ message }) => message))];
}

const REDUCTION =
  /\/\*\* .* \*\/\nfn (workgroup\w+)\(value: (\w+), invocation: i32\) -> \w+ \{\n([^]*?)\n  return workgroupUniformLoad\(&(.*)\);\n\}\n/;

/** Functions with barriers are beyond it: their text, as it is, in the place of their calls. */
function withReductionsInline(code: string): string {
  const found = REDUCTION.exec(code);
  if (!found) return code;
  const [text, name, type, body, result] = found;
  const call = new RegExp(`let (\\w+): ${type} = ${name}\\((.*), invocation\\);`, 'g');
  const inline = code
    .replace(text, '')
    .replaceAll(call, (_, to: string, value: string) =>
      [
        `let ${to}_own: ${type} = ${value};`,
        body!.replaceAll(/\bvalue\b/g, `${to}_own`),
        `workgroupBarrier();`,
        `let ${to}: ${type} = ${result};`,
        `workgroupBarrier();`,
      ].join('\n'),
    );
  return withReductionsInline(inline);
}

export const hasWorkgroupMemory = ({ code }: Pick<PrintedShader, 'code'>): boolean =>
  code.includes('var<workgroup>');
