/**
 * A package on WebGPU that was compiled for training: the data that its trainer works on, and its model for inference
 * only. The weight file holds canonical weights; `prepare` folds and packs them for inference on the GPU.
 */
import type { NumberArray } from '../arrays.ts';
import { readWeights, type NamedParameter } from '../training/parameters.ts';
import type { HalvesPlan, StepPlan, TrainingPlan } from '../training/plan.ts';
import { openModel, withSession, type GpuModel, type GpuProgram, type GpuSizes } from './model.ts';
import type { GpuOptions } from './device.ts';
import type { GpuParameter, Phase } from './program.ts';
import type { GpuSession } from './session.ts';
import type { GpuRange } from './types.ts';
import { loadBytes, type ByteSource } from '../weights.ts';

/** Numbers that come with the program, and their place. */
export interface GpuConstant {
  readonly range: GpuRange;
  readonly numbers: NumberArray;
}

/** The record in a package's `trainer.ts`: the plan, and the places of all numbers on the GPU. */
export interface GpuTraining extends TrainingPlan<StepPlan<GpuRange, Phase>, HalvesPlan<GpuRange, Phase>> {
  readonly sizes: GpuSizes;
  readonly parameters: readonly GpuParameter[];
  readonly constants: readonly GpuConstant[];
  /** The size of the halves' memory. */
  readonly halvesBytes: number;
}

/** The weights of inference in a package that trains (`parameters.ts`), and the phases that prepare them. */
export interface GpuKept {
  readonly weights: readonly GpuParameter[];
  readonly constants: readonly GpuConstant[];
  readonly prepare: readonly Phase[];
}

/** Creates arrays for parameters that are read from files or written to them. */
export const mirrorParameters = (parameters: readonly GpuParameter[]): NamedParameter[] =>
  parameters.map(({ name, shape, role, range }) => {
    return { name, shape, role, data: new Float32Array(range.bytes / 4) };
  });

export function writeConstants({ write }: GpuSession, constants: readonly GpuConstant[]): void {
  for (const { range, numbers } of constants) write(range, numbers);
}

/** Loads the model of a package that trains, for inference only. `source` is where its weights are. */
export async function loadKeptModel(
  program: GpuProgram,
  kept: GpuKept,
  source: ByteSource,
  options: GpuOptions,
): Promise<GpuModel> {
  const { name, sizes } = program;
  return withSession(name, sizes, options, async (session) => {
    const [model, prepare, bytes] = await Promise.all([
      openModel(session, program, options.onProgress),
      session.compile(kept.prepare),
      loadBytes(source),
    ]);
    const mirrors = mirrorParameters(kept.weights);
    readWeights(name, mirrors, bytes);
    kept.weights.forEach(({ range }, i) => session.write(range, mirrors[i]!.data));
    writeConstants(session, kept.constants);
    await session.submit(`${name}.load`, prepare);
    return model;
  });
}
