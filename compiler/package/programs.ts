/** The programs of a package, inference first, as targets print them. */
import type { ModuleProgram } from '../emit/types.ts';
import { HALVES } from '../program/types.ts';
import type { CompiledModel } from '../emit/model.ts';

export function programsOf({ program, plan, training, canonical }: CompiledModel): readonly ModuleProgram[] {
  if (canonical)
    return [{ program, plan, folder: '', weights: 'staged', staging: canonical.staging, timeline: HALVES }];
  if (!training) return [{ program, plan, folder: '', weights: 'file', timeline: HALVES }];
  return [
    { program, plan, folder: '', weights: 'prepared', timeline: HALVES },
    {
      ...{ program: training.program, plan: training.plan, halves: training.halves },
      timeline: training.timeline,
      ...({ folder: 'training/', weights: 'prepared' } as const),
    },
  ];
}
