/**
 * The steps of a trainer on WebGPU, for runtime/training/trainer.ts. That module writes scalars to arrays; before a
 * step runs, they are copied to the GPU.
 */
import { isStored } from '../training/parameters.ts';
import type { ScalarPlaces } from '../training/plan.ts';
import type { StepPart } from '../training/trainer.ts';
import type { GpuOptions } from './device.ts';
import type { GpuTensor } from './program.ts';
import type { GpuSession, Reader } from './session.ts';
import { submit, type TrainerSite } from './trainerSite.ts';
import type { GpuRange } from './types.ts';

/** A step, and a function that reads its results. */
export interface GpuStep {
  readonly part: StepPart;
  results(): Promise<object>;
}

/** Compiles the step. Its progress is reported as that of the trainer, because most kernels belong to the step. */
export async function createStep(
  trainer: TrainerSite,
  onProgress: GpuOptions['onProgress'],
): Promise<GpuStep> {
  const { session, training } = trainer;
  const { step, microBatches } = training;
  const run = await session.compile(step.run, onProgress);
  const update = await session.compile(step.update ? [step.update] : []);
  const { scalars, writeHyper, writeSeed } = createScalars(session, step);
  const loss: GpuTensor = { name: 'loss', shape: [1], dtype: 'f32', place: step.loss };
  const reader = session.createReader([...step.outputs, loss], microBatches);
  const sums = training.parameters.filter((one) => !isStored(one)).map(({ range }) => range);
  const part: StepPart = {
    ...scalars,
    // Not used: the losses of all parts are read with the results.
    loss: new Float32Array(1),
    run(index) {
      writeInputs(trainer, index);
      writeSeed();
      writeHyper();
      const clear = index === 0 ? sums : [];
      submit(trainer, 'trainStep', run, { clear, collect: (encoder) => reader.collect(encoder, index) });
    },
    ...(step.update && {
      microBatches: {
        count: microBatches,
        update() {
          writeHyper();
          submit(trainer, 'trainStep', update);
        },
      },
    }),
  };
  return { part, results: () => readResults(trainer, reader) };
}

/** Writes the inputs of one micro-batch to the GPU. */
function writeInputs({ session, training, state }: TrainerSite, part: number): void {
  for (const { name, place } of training.step.inputs) {
    const values = state.given[name]!;
    const count = place.bytes / values.BYTES_PER_ELEMENT;
    session.write(place, values.subarray(part * count, (part + 1) * count));
  }
}

/** Reads outputs and loss. The loss of micro-batches is their mean. */
async function readResults({ training }: TrainerSite, reader: Reader): Promise<object> {
  const { name, microBatches } = training;
  const { loss: losses, ...outputs } = await reader.read(`${name}.trainStep`);
  return { ...outputs, loss: (losses as Float32Array).reduce((sum, one) => sum + one / microBatches, 0) };
}

/**
 * One array for each scalar, and functions that write them to the GPU. The seed is written only before a forward pass,
 * because gradients may use its place later.
 */
function createScalars(session: GpuSession, { hyper, seed }: ScalarPlaces<GpuRange>) {
  const numbers = Object.fromEntries(Object.keys(hyper).map((name) => [name, new Float32Array(1)]));
  const words = seed ? new Uint32Array(2) : undefined;
  return {
    scalars: { hyper: numbers, ...(words && { seed: words }) },
    writeHyper(): void {
      for (const name in hyper) session.write(hyper[name]!, numbers[name]!);
    },
    writeSeed(): void {
      if (seed) session.write(seed, words!);
    },
  };
}

/** Creates the memory and the pipelines of the halves at the first call. */
export async function openGpuHalves(trainer: TrainerSite, call: string): Promise<void> {
  const { session, training, state } = trainer;
  if (state.halves) return;
  const { halves } = training;
  await session.addBuffer('halves', training.halvesBytes);
  const [forward, backward, update] = await Promise.all(
    [halves.forward, halves.backward, halves.update].map((phases) => session.compile(phases)),
  );
  const { scalars, writeHyper, writeSeed } = createScalars(session, halves);
  state.halves = {
    ...scalars,
    forward() {
      writeSeed();
      submit(trainer, 'forward', forward!);
    },
    backward: () => submit(trainer, 'backward', backward!),
    update() {
      writeHyper();
      submit(trainer, 'applyGradients', update!);
    },
  };
  // The trainer may have been closed in the meantime.
  session.checkRuns(call);
}
