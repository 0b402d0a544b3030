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
    for (const call of calls) {
      const unique = calls.length === 1 ? name : uniqueName(`${name}${sizeSuffix(call)}`, taken);
      taken.add(unique);
      named.set(keyOf.get(call)!, { ...call.kernel, name: unique });
    }
  }
  const rename = (call: KernelCall): KernelCall => ({ ...call, kernel: named.get(keyOf.get(call)!)! });
  return programs.map((program) => ({
    ...program,
    phases: program.phases.map((phase) => ({ ...phase, calls: phase.calls.map(rename) })),
  }));
}

const callsOf = (program: Program): readonly KernelCall[] => program.phases.flatMap((phase) => phase.calls);

/** Everything but the name and the comment. */
const structureOf = (kernel: Kernel): string => JSON.stringify([kernel.buffers, kernel.body]);

/** `_56x56` from `f32[1,64,56,56]`; empty for results without a size. */
function sizeSuffix(call: KernelCall): string {
  const extents = /\[(.*)\]/.exec(call.result)?.[1]?.split(',') ?? [];
  const size = extents.length > 2 ? extents.slice(2) : extents.slice(1);
  return size.length === 0 ? '' : `_${size.join('x')}`;
}

function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_v${n}`;
  return name;
}

/** Every distinct kernel, in the order of first use. */
export function distinctKernels(programs: readonly Program[]): readonly Kernel[] {
  return [...new Set(programs.flatMap(callsOf).map((call) => call.kernel))];
}
