/**
 * A package on WebGPU that was compiled for training: what its trainer works on, and its model without a trainer. Its
 * weights are canonical. What inference folds and packs is made on the GPU, by `prepare`.
 */
import type { NumberArray } from '../arrays.ts';
import { readWeights, type NamedParameter } from '../training/parameters.ts';
import type { HalvesPlan, StepPlan, TrainingPlan } from '../training/plan.ts';
import { createGpuModel, withSession, type GpuModel, type GpuProgram, type GpuSizes } from './model.ts';
import type { GpuOptions } from './device.ts';
import type { GpuParameter, Phase } from './program.ts';
import type { GpuSession } from './session.ts';
import type { GpuRange } from './types.ts';
import { loadBytes, type ByteSource } from '../weights.ts';

/** Numbers of the program's own. */
export interface GpuConstant {
  readonly range: GpuRange;
  readonly numbers: NumberArray;
}

/** A package's `trainer.ts`: the plan, and what lies on the GPU. */
export interface GpuTraining extends TrainingPlan<StepPlan<GpuRange, Phase>, HalvesPlan<GpuRange, Phase>> {
  readonly sizes: GpuSizes;
  readonly parameters: readonly GpuParameter[];
  readonly constants: readonly GpuConstant[];
  /** Of the memory of the halves. */
  readonly halvesBytes: number;
}

/** What a package that trains keeps for inference; see its `parameters.ts` and `prepare.ts`. */
export interface GpuKept {
  readonly weights: readonly GpuParameter[];
  readonly constants: readonly GpuConstant[];
  readonly prepare: readonly Phase[];
}

/** Arrays in which the parameters come from and go to files. */
export const mirrorParameters = (parameters: readonly GpuParameter[]): NamedParameter[] =>
  parameters.map(({ name, shape, role, range }) => {
    return { name, shape, role, data: new Float32Array(range.bytes / 4) };
  });

export function writeConstants({ write }: GpuSession, constants: readonly GpuConstant[]): void {
  for (const { range, numbers } of constants) write(range, numbers);
}

/** The model of a package that trains, for inference only. `source` is where its weights are. */
export async function loadKeptModel(
  program: GpuProgram,
  kept: GpuKept,
  source: ByteSource,
  options: GpuOptions,
): Promise<GpuModel> {
  const { name, sizes } = program;
  return withSession(name, sizes, options, async (session) => {
    const [record, prepare, bytes] = await Promise.all([
      session.compile([program.forward], options.onProgress),
      session.compile(kept.prepare),
      loadBytes(source),
    ]);
    const mirrors = mirrorParameters(kept.weights);
    readWeights(name, mirrors, bytes);
    kept.weights.forEach(({ range }, i) => session.write(range, mirrors[i]!.data));
    writeConstants(session, kept.constants);
    await session.submit(`${name}.load`, prepare);
    return createGpuModel(session, program, record);
  });
}
