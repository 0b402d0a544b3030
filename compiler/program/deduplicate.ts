/**
 * Postcondition, over all programs of a package: calls whose kernels do the same on buffers of the same lengths share one kernel object, and
 * no two kernels share a name. Equal layers of a deep net thus cost one kernel. When meanings collide
 * (`conv2d_3x3_64to64_relu` at two sizes) the names take the result's size, then a number.
 */
import type { Kernel } from '../kernel/types.ts';
import type { KernelCall, Program } from './types.ts';

export function deduplicateKernels(programs: readonly Program[]): Program[] {
  const shared = new Map<string, Kernel>();
  const wanted = new Map<string, KernelCall[]>();
  const keyOf = new Map<KernelCall, string>();
  for (const call of programs.flatMap(callsOf)) {
    const key = structureOf(call.kernel);
    keyOf.set(call, key);
    if (shared.has(key)) continue;
    shared.set(key, call.kernel);
    wanted.set(call.kernel.name, [...(wanted.get(call.kernel.name) ?? []), call]);
  }
  const named = new Map<string, Kernel>();
  const taken = new Set<string>([...wanted].filter(([, calls]) => calls.length === 1).map(([name]) => name));
  for (const [name, calls] of wanted) {
    const names = calls.length === 1 ? [name] : distinguish(name, calls, taken);
    calls.forEach((call, i) => {
      taken.add(names[i]!);
      named.set(keyOf.get(call)!, { ...call.kernel, name: names[i]! });
    });
  }
  const rename = (call: KernelCall): KernelCall => ({ ...call, kernel: named.get(keyOf.get(call)!)! });
  return programs.map((program) => ({
    ...program,
    phases: program.phases.map((phase) => ({ ...phase, calls: phase.calls.map(rename) })),
  }));
}

const callsOf = (program: Program): readonly KernelCall[] => program.phases.flatMap((phase) => phase.calls);

/** Everything but the name and the comment. */
const structureOf = (kernel: Kernel): string => JSON.stringify([kernel.buffers, kernel.grid, kernel.body]);

/** Names of kernels that mean the same: by image size where that tells them apart, by shape, or numbered. */
function distinguish(name: string, calls: readonly KernelCall[], taken: ReadonlySet<string>): string[] {
  for (const suffix of [imageSize, wholeShape]) {
    const names = calls.map((call) => `${name}${suffix(extentsOf(call))}`);
    if (new Set(names).size === names.length && names.every((one) => !taken.has(one))) return names;
  }
  const numbered = new Set(taken);
  return calls.map((call) => {
    let unique = `${name}${wholeShape(extentsOf(call))}`;
    for (let n = 2; numbered.has(unique); n++) unique = `${name}${wholeShape(extentsOf(call))}_v${n}`;
    numbered.add(unique);
    return unique;
  });
}

/** From `f32[1,64,56,56]`. */
const extentsOf = (call: KernelCall): readonly string[] =>
  (/\[(.*)\]/.exec(call.result)?.[1] ?? '').split(',').filter((extent) => extent !== '');

const imageSize = (extents: readonly string[]): string =>
  extents.length === 4 ? `_${extents.slice(2).join('x')}` : '';
const wholeShape = (extents: readonly string[]): string => (extents.length ? `_${extents.join('x')}` : '');

/** Every distinct kernel, in the order of first use. */
export function distinctKernels(programs: readonly Program[]): readonly Kernel[] {
  return [...new Set(programs.flatMap(callsOf).map((call) => call.kernel))];
}
