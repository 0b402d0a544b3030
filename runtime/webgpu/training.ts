/**
 * A package on WebGPU that was compiled for training: where everything lies that a trainer needs, and the model that it
 * is without one. Its weights are canonical; what inference folds and packs is made on the GPU, by `prepare`.
 */
import { readWeights, type NamedParameter } from '../training/trainer.ts';
import { createGpuModel, withSession, type GpuModel, type GpuProgram, type GpuSizes } from './model.ts';
import type { GpuOptions } from './device.ts';
import type { GpuParameter, GpuTensor, Phase } from './program.ts';
import type { GpuNumbers, GpuSession, Named } from './session.ts';
import type { GpuRange } from './types.ts';
import { loadBytes, type ByteSource } from '../weights.ts';

/** What the host writes before a phase. */
export interface GpuScalars {
  /** What the update reads, by name. */
  readonly hyper: Named<GpuRange>;
  /** [seed, step], where the network draws random numbers. */
  readonly seed?: GpuRange;
}

export interface GpuLabels {
  readonly name: string;
  readonly classes: number;
  readonly ignored?: number;
}

/** A whole step, or one micro-batch of it. */
export interface GpuStep extends GpuScalars {
  /** Of the network and the loss. */
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  readonly loss: GpuRange;
  readonly labels: readonly GpuLabels[];
  /** Forward, loss, backward and update; of a micro-batch up to the sums of gradients. */
  readonly run: readonly Phase[];
  readonly update?: Phase;
}

/** Forward, backward and update by themselves, in memory of their own. */
export interface GpuHalves extends GpuScalars {
  readonly bytes: number;
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  readonly outputGradients: readonly GpuTensor[];
  readonly inputGradients: readonly GpuTensor[];
  readonly parameterGradients: readonly GpuTensor[];
  /** What the update reads. */
  readonly toApply: readonly GpuTensor[];
  readonly forward: readonly Phase[];
  readonly backward: readonly Phase[];
  readonly update: readonly Phase[];
}

/** Numbers of the program's own. */
export interface GpuConstant {
  readonly range: GpuRange;
  readonly numbers: GpuNumbers;
}

export interface GpuTraining {
  readonly name: string;
  readonly microBatches: number;
  readonly sizes: GpuSizes;
  readonly parameters: readonly GpuParameter[];
  readonly constants: readonly GpuConstant[];
  /** What is made once from the parameters. */
  readonly prepare: readonly Phase[];
  readonly step: GpuStep;
  readonly halves: GpuHalves;
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
