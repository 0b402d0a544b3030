/**
 * Postcondition, over all programs of a package: calls share one kernel object if their kernels do the same on
 * buffers of the same lengths, and no two kernels have the same name. So equal layers of a deep net cost one kernel.
 * If different kernels have the same name (`conv2d_3x3_64to64_relu` for two sizes), the result's size is added, then
 * a number.
 */
import { structureOf } from '../kernel/structure.ts';
import type { Kernel } from '../kernel/types.ts';
import type { CallVariant, KernelCall, Program } from './types.ts';

/** A kernel, and the result of the call that uses it. */
interface Use extends Pick<KernelCall, 'kernel' | 'result'> {}

export function deduplicateKernels(programs: readonly Program[]): Program[] {
  const wanted = new Map<string, Use[]>();
  const structures = new Map<Kernel, string>();
  const seen = new Set<string>();
  for (const use of programs.flatMap(callsOf).flatMap(usesOf)) {
    const structure = structures.get(use.kernel) ?? structureOf(use.kernel);
    structures.set(use.kernel, structure);
    if (seen.has(structure)) continue;
    seen.add(structure);
    wanted.set(use.kernel.name, [...(wanted.get(use.kernel.name) ?? []), use]);
  }
  const named = new Map<string, Kernel>();
  const taken = new Set<string>([...wanted].filter(([, uses]) => uses.length === 1).map(([name]) => name));
  for (const [name, uses] of wanted) {
    const names = uses.length === 1 ? [name] : distinguish(name, uses, taken);
    uses.forEach(({ kernel }, i) => {
      taken.add(names[i]!);
      named.set(structures.get(kernel)!, { ...kernel, name: names[i]! });
    });
  }
  const rename = <T extends CallVariant>(one: T): T => ({
    ...one,
    kernel: named.get(structures.get(one.kernel)!)!,
  });
  const renameAll = (call: KernelCall): KernelCall => ({
    ...rename(call),
    ...(call.variants && {
      variants: Object.fromEntries(
        Object.entries(call.variants).map(([choice, variant]) => [choice, rename(variant)]),
      ),
    }),
  });
  return programs.map((program) => ({
    ...program,
    phases: program.phases.map((phase) => ({ ...phase, calls: phase.calls.map(renameAll) })),
  }));
}

const callsOf = (program: Program): readonly KernelCall[] => program.phases.flatMap((phase) => phase.calls);

const usesOf = ({ kernel, variants = {}, result }: KernelCall): readonly Use[] => [
  { kernel, result },
  ...Object.values(variants).map((variant) => ({ kernel: variant.kernel, result })),
];

/** Distinguishes kernels with the same name: by image size if that is enough, by shape, or by number. */
function distinguish(name: string, uses: readonly Use[], taken: ReadonlySet<string>): string[] {
  for (const suffix of [imageSize, wholeShape]) {
    const names = uses.map((use) => `${name}${suffix(extentsOf(use))}`);
    if (new Set(names).size === names.length && names.every((one) => !taken.has(one))) return names;
  }
  const numbered = new Set(taken);
  return uses.map((use) => {
    let unique = `${name}${wholeShape(extentsOf(use))}`;
    for (let n = 2; numbered.has(unique); n++) unique = `${name}${wholeShape(extentsOf(use))}_v${n}`;
    numbered.add(unique);
    return unique;
  });
}

/** The extents in a text such as `f32[1,64,56,56]`. */
const extentsOf = ({ result }: Use): readonly string[] =>
  (/\[(.*)\]/.exec(result)?.[1] ?? '').split(',').filter((extent) => extent !== '');

const imageSize = (extents: readonly string[]): string =>
  extents.length === 4 ? `_${extents.slice(2).join('x')}` : '';
const wholeShape = (extents: readonly string[]): string => (extents.length ? `_${extents.join('x')}` : '');

/** Returns every distinct kernel, in the order of first use. */
export function distinctKernels(programs: readonly Program[]): readonly Kernel[] {
  return [...new Set(programs.flatMap(callsOf).map((call) => call.kernel))];
}
