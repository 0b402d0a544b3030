/** The programs of a package, inference first, as targets print them. */
import type { ModuleProgram } from '../emit/types.ts';
import { HALVES } from '../program/types.ts';
import { fixingFlag, type CompiledModel } from '../emit/model.ts';

export function programsOf(model: CompiledModel): readonly ModuleProgram[] {
  const { program, plan, training, canonical } = model;
  const inference = { program, plan, folder: '', fixedBy: fixingFlag(model), timeline: HALVES } as const;
  if (canonical) return [{ ...inference, weights: 'staged', staging: canonical.staging }];
  if (!training) return [{ ...inference, weights: 'file' }];
  return [
    { program, plan, folder: '', weights: 'prepared', timeline: HALVES },
    {
      ...{ program: training.program, plan: training.plan, halves: training.halves },
      timeline: training.timeline,
      ...({ folder: 'training/', weights: 'prepared' } as const),
    },
  ];
}
