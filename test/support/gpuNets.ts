/** Models of the zoo for inference on a GPU: weights are uploaded once, batches of images go through one after the other. */
import type { CompiledModel } from '../../compiler/emit/model.ts';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { HALVES, phaseCalls } from '../../compiler/program/types.ts';
import { preprocess, type Preprocess } from '../../runtime/image.ts';
import { compiledModel } from './compiled.ts';
import { createGpuMachine, withoutErrors } from './gpuMachine.ts';
import { modelFile, zooModel } from './models.ts';

export async function compileForGpu(
  model: string,
  options: Pick<CompileOptions, 'batch' | 'weights' | 'inputs'>,
): Promise<CompiledModel> {
  const source = modelFile(model);
  return compiledModel(await zooModel(model), {
    ...options,
    source,
    targets: ['webgpu'],
    packedWeights: true,
  });
}

/** The outputs of every batch. */
export function inferOnGpu(
  gpu: GPUDevice,
  { program, plan }: CompiledModel,
  batches: readonly Float32Array[],
): Promise<Float32Array[]> {
  return withoutErrors(gpu, async () => {
    const machine = createGpuMachine(gpu, program, plan, {}, HALVES);
    const results: Float32Array[] = [];
    for (const batch of batches) {
      machine.write('image', batch);
      machine.run(phaseCalls(program, 'forward'));
      const [output] = (await machine.read(({ role }) => role === 'output')).values();
      results.push(output as Float32Array);
    }
    await machine.checkCanaries();
    machine.destroy();
    return results;
  });
}

export interface Picture {
  /** Interleaved. */
  readonly pixels: Uint8Array;
  readonly size: number;
}

/** Inputs as the package's own `preprocess` returns them. */
export function batchOfPictures(
  { preprocess: options }: CompiledModel,
  pictures: readonly Picture[],
): Float32Array {
  const planes = pictures.map(({ pixels, size }) => preprocess(pixels, size, size, options as Preprocess));
  const batch = new Float32Array(planes.length * planes[0]!.length);
  planes.forEach((plane, i) => batch.set(plane, i * plane.length));
  return batch;
}
