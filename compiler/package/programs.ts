/** The programs of a package, inference first, as targets print them. Those for larger batches follow the first. */
import { batchFolder, type ModuleProgram } from '../emit/types.ts';
import { HALVES } from '../program/types.ts';
import { fixingFlag, type CompiledModel } from '../emit/model.ts';

export function programsOf(model: CompiledModel): readonly ModuleProgram[] {
  const { program, plan, training, canonical, batches = [] } = model;
  const first = { program, plan, folder: '', fixedBy: fixingFlag(model), timeline: HALVES } as const;
  const others = batches.map((one): ModuleProgram => ({
    ...{ program: one.program, plan: one.plan, timeline: HALVES },
    ...({ folder: `${batchFolder(one.images)}/`, weights: 'shared' } as const),
  }));
  if (canonical) return [{ ...first, weights: 'staged', staging: canonical.staging }, ...others];
  if (!training) return [{ ...first, weights: 'file' }, ...others];
  return [
    { ...first, weights: 'prepared' },
    ...others,
    {
      ...{ program: training.program, plan: training.plan, halves: training.halves },
      timeline: training.timeline,
      ...({ folder: 'training/', weights: 'prepared' } as const),
    },
  ];
}
