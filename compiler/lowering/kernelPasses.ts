/**
 * Runs a target's table of kernel passes on the kernel of a call and on those of its variants. The verifier runs
 * before the first pass and after each pass that has changed the kernel. Equal kernels are rewritten once.
 */
import type { KernelPass, KernelSite } from '../kernel/passes/types.ts';
import { structureOf } from '../kernel/structure.ts';
import type { Kernel } from '../kernel/types.ts';
import { verifyKernel } from '../kernel/verifier.ts';
import type { CallVariant, KernelCall, KernelStage } from '../program/types.ts';

export interface KernelPassOptions {
  /** Names of passes that do not run. */
  readonly disabled?: ReadonlySet<string>;
  /** Whether calls keep their kernels as built and after each pass. */
  readonly keepsStages?: boolean;
  /** Runs a function and notes how long it took. */
  readonly time?: <T>(name: string, run: () => T) => T;
}

export interface KernelPasses {
  run(call: KernelCall, site: KernelSite): KernelCall;
}

/** The state of a call's own kernel, or of one variant, between passes. */
interface Subject {
  readonly variant: CallVariant;
  readonly choice?: string;
}

export function createKernelPasses(
  table: readonly KernelPass[],
  { disabled = new Set(), keepsStages = false, time = (_, run) => run() }: KernelPassOptions = {},
): KernelPasses {
  const passes = table.filter(({ name }) => !disabled.has(name));
  const known = new Map<KernelPass, Map<string, Rewritten>>(passes.map((pass) => [pass, new Map()]));

  /** Returns the same object if the pass changes nothing. */
  const rewrite = (pass: KernelPass, kernel: Kernel): Kernel => {
    const structure = structureOf(kernel);
    const found = known.get(pass)!.get(structure) ?? time(pass.name, () => runPass(pass, kernel));
    known.get(pass)!.set(structure, found);
    if (found === 'unchanged') return kernel;
    const { name, strides } = kernel;
    return { ...found.kernel, name, strides, comment: [...kernel.comment, ...found.notes] };
  };

  const change = (pass: KernelPass, { variant, choice }: Subject, note: Note): CallVariant => {
    const kernel = rewrite(pass, variant.kernel);
    if (kernel === variant.kernel) return variant;
    note({ kernel, pass: pass.name, variant: choice });
    const schedule = pass.note === undefined ? variant.schedule : `${variant.schedule}, ${pass.note}`;
    return { ...variant, kernel, schedule };
  };

  return {
    run(call, site) {
      const stages: KernelStage[] = [];
      const note: Note = (stage) => void stages.push(stage);
      note({ kernel: verifyKernel(call.kernel) });
      for (const [variant, { kernel }] of Object.entries(call.variants ?? {}))
        note({ kernel: verifyKernel(kernel), variant });
      let current = call;
      for (const pass of passes) {
        if (pass.appliesTo && !pass.appliesTo(site)) continue;
        if (pass.isForTarget && site.isPreparation && !current.plain)
          current = { ...current, plain: current.kernel };
        current =
          pass.variant === undefined
            ? changeAll(current, pass, note)
            : changeVariant(current, pass, pass.variant, note);
      }
      return keepsStages ? { ...current, stages } : current;
    },
  };

  function changeAll(call: KernelCall, pass: KernelPass, note: Note): KernelCall {
    const own = change(pass, { variant: call }, note) as KernelCall;
    if (!call.variants) return own;
    const variants = Object.entries(call.variants).map(
      ([choice, variant]) => [choice, change(pass, { variant, choice }, note)] as const,
    );
    return { ...own, variants: Object.fromEntries(variants) };
  }

  function changeVariant(call: KernelCall, pass: KernelPass, choice: string, note: Note): KernelCall {
    const before = call.variants?.[choice] ?? { kernel: call.kernel, schedule: call.schedule };
    const after = change(pass, { variant: before, choice }, note);
    if (after === before) return call;
    const name = call.variants?.[choice] ? after.kernel.name : `${call.kernel.name}_${choice}`;
    const variant = { ...after, kernel: { ...after.kernel, name } };
    return { ...call, variants: { ...call.variants, [choice]: variant } };
  }
}

type Note = (stage: KernelStage) => void;

/** The kernel after a pass, and the lines that the pass has added to its comment. */
type Rewritten = { readonly kernel: Kernel; readonly notes: readonly string[] } | 'unchanged';

function runPass(pass: KernelPass, before: Kernel): Rewritten {
  const kernel = pass.run(before);
  if (kernel === before || structureOf(kernel) === structureOf(before)) return 'unchanged';
  try {
    verifyKernel(kernel);
  } catch (error) {
    throw new Error(`after the kernel pass ${pass.name}: ${(error as Error).message}`, { cause: error });
  }
  return { kernel, notes: kernel.comment.slice(before.comment.length) };
}
