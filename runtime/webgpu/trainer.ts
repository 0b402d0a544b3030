/**
 * The trainer of a package on WebGPU. What a step is made of, and what is written to files, is runtime/training/trainer.ts', which
 * works on arrays: here are arrays that stand for what lies on the GPU. Before a step its scalars are written there;
 * weights come back when they are asked for. Calls run one after the other in the order in which they were made.
 */
import { checkInputs, checkLabels } from '../check.ts';
import {
  createTrainerCore,
  readWeights,
  type HalvesPart,
  type Hyperparameters,
  type LeftOut,
  type LoadWeightsOptions,
  type NamedParameter,
  type TrainerCore,
} from '../training/trainer.ts';
import { createGpuModel, withSession, type GpuProgram } from './model.ts';
import type { GpuOptions } from './device.ts';
import type { GpuParameter, GpuTensor } from './program.ts';
import type { GpuNumbers, GpuSession, Named, RecordPass, Submission } from './session.ts';
import {
  mirrorParameters,
  writeConstants,
  type GpuKept,
  type GpuScalars,
  type GpuTraining,
} from './training.ts';
import type { GpuDevice, GpuLoss, GpuPrecision, KernelFamily } from './types.ts';
import { loadBytes, type ByteSource } from '../weights.ts';

/** By the names of inputs, outputs and parameters; a package's `trainer.ts` has them in its types. */
export interface GpuTrainer {
  readonly hyperparameters: Hyperparameters;
  readonly step: number;
  readonly device: GpuDevice;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  trainStep(inputs: object, options?: { readonly results?: boolean }): Promise<object | undefined>;
  forward(inputs: object): Promise<object>;
  predict(inputs: object): Promise<object>;
  backward(gradients: object): Promise<object>;
  applyGradients(gradients: object): Promise<void>;
  exportWeights(): Promise<Uint8Array>;
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): Promise<LeftOut[]>;
  saveState(): Promise<Uint8Array>;
  loadState(bytes: Uint8Array | ArrayBuffer): Promise<void>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}

/** The inference program over the same parameters. */
export interface GpuInference {
  readonly prepare: RecordPass;
  predict(inputs: object): Promise<object>;
}

export interface GpuTrainerOptions {
  readonly seed: number;
  readonly hyperparameters: Hyperparameters;
}

/** The trainer of a package, and with it the model. */
export async function loadGpuTrainer(
  program: GpuProgram,
  kept: GpuKept,
  training: GpuTraining,
  source: ByteSource,
  options: GpuOptions,
  settings: GpuTrainerOptions,
): Promise<GpuTrainer> {
  const { name, sizes } = training;
  const binding = Math.max(sizes.binding, program.sizes.binding);
  return withSession(name, { ...sizes, binding }, options, async (session) => {
    const [record, prepare, bytes] = await Promise.all([
      session.compile([program.forward]),
      session.compile(kept.prepare),
      loadBytes(source),
    ]);
    const mirrors = mirrorParameters(training.parameters.filter(isStored));
    readWeights(name, mirrors, bytes);
    writeConstants(session, [...kept.constants, ...training.constants]);
    const model = createGpuModel(session, program, record);
    const inference = { prepare, predict: model.forward };
    return createGpuTrainer(session, training, mirrors, inference, settings, options.onProgress);
  });
}

/** Sums of gradients are made anew by every step, on the GPU. */
const isStored = ({ role }: GpuParameter): boolean => role !== 'accumulator';

interface Trainer {
  readonly session: GpuSession;
  readonly training: GpuTraining;
  /** Arrays in which what is stored goes to and comes from files. */
  readonly mirrors: readonly NamedParameter[];
  /** What was submitted and not yet waited for. */
  readonly pending: Promise<unknown>[];
  readonly state: { given: Named<GpuNumbers>; isStale: boolean; halves?: HalvesPart };
}

/** `mirrors` hold the first weights. */
async function createGpuTrainer(
  session: GpuSession,
  training: GpuTraining,
  mirrors: readonly NamedParameter[],
  inference: GpuInference,
  { seed, hyperparameters }: GpuTrainerOptions,
  onProgress: GpuOptions['onProgress'],
): Promise<GpuTrainer> {
  const state: Trainer['state'] = { given: {}, isStale: true };
  const trainer: Trainer = { session, training, mirrors, pending: [], state };
  const step = await createStep(trainer, onProgress);
  const prepare = await session.compile(training.prepare);
  const core = createTrainerCore(
    {
      ...{ name: training.name, parameters: mirrors, step: step.part, halves: () => state.halves! },
      prepare() {
        training.parameters
          .filter(isStored)
          .forEach(({ range }, i) => session.write(range, mirrors[i]!.data));
        submit(trainer, 'load', prepare);
        state.isStale = true;
      },
    },
    seed,
    hyperparameters,
  );
  await settle(trainer);
  return methods(trainer, core, step, inference);
}

/** Does not wait; what the GPU refuses is thrown by `settle`. */
function submit(trainer: Trainer, call: string, record: RecordPass, submission?: Submission): void {
  const { session, training, pending } = trainer;
  const accepted = session.submit(`${training.name}.${call}`, record, submission);
  // Not left alone until then: a rejection that nobody has heard ends the process in Node.
  accepted.catch(() => undefined);
  pending.push(accepted);
}

/** Waits for all that was submitted; throws what the GPU refused. */
async function settle({ pending }: Trainer): Promise<void> {
  await Promise.all(pending.splice(0));
}

async function runAndSettle<T>(trainer: Trainer, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await settle(trainer);
  }
}

interface Step {
  readonly part: Parameters<typeof createTrainerCore>[0]['step'];
  results(): Promise<object>;
}

/**
 * One array for each scalar, and how they are written to the GPU: the seed before a forward pass and at no other time,
 * because gradients may lie in its place later.
 */
function scalarsOf(session: GpuSession, { hyper, seed }: GpuScalars) {
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

/** Most kernels are a step's, so its progress is the trainer's. */
async function createStep(trainer: Trainer, onProgress: GpuOptions['onProgress']): Promise<Step> {
  const { session, training, state } = trainer;
  const { name, step, microBatches } = training;
  const run = await session.compile(step.run, onProgress);
  const update = await session.compile(step.update ? [step.update] : []);
  const { scalars, writeHyper, writeSeed } = scalarsOf(session, step);
  const loss: GpuTensor = { name: 'loss', shape: [1], dtype: 'f32', range: step.loss };
  const reader = session.createReader([...step.outputs, loss], microBatches);
  const sums = training.parameters.filter((one) => !isStored(one)).map(({ range }) => range);
  const part: Step['part'] = {
    ...scalars,
    // Results are read when all parts are done; this number is nobody's.
    loss: new Float32Array(1),
    run(index) {
      for (const { name: input, range } of step.inputs) {
        const values = state.given[input]!;
        const count = range.bytes / values.BYTES_PER_ELEMENT;
        session.write(range, values.subarray(index * count, (index + 1) * count));
      }
      writeSeed();
      writeHyper();
      const clear = index === 0 ? sums : [];
      const collect = (encoder: Parameters<typeof reader.collect>[0]): void => reader.collect(encoder, index);
      submit(trainer, 'trainStep', run, { clear, collect });
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
  return {
    part,
    async results() {
      const { loss: losses, ...outputs } = await reader.read(`${name}.trainStep`);
      return { ...outputs, loss: (losses as Float32Array).reduce((sum, one) => sum + one / microBatches, 0) };
    },
  };
}

/** Memory and pipelines of the halves, when one of them is first wanted. */
async function openHalves(trainer: Trainer, call: string): Promise<void> {
  const { session, training, state } = trainer;
  if (state.halves) return;
  const { halves } = training;
  await session.addBuffer('halves', halves.bytes);
  const [forward, backward, update] = await Promise.all(
    [halves.forward, halves.backward, halves.update].map((phases) => session.compile(phases)),
  );
  const { scalars, writeHyper, writeSeed } = scalarsOf(session, halves);
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

function methods(trainer: Trainer, core: TrainerCore, step: Step, inference: GpuInference): GpuTrainer {
  const { session, training, state } = trainer;
  const { name, halves } = training;
  const inOrder = createQueue();
  const write = (tensors: readonly GpuTensor[], given: object): void => {
    for (const { name: tensor, range } of tensors)
      session.write(range, (given as Named<GpuNumbers>)[tensor]!);
  };
  const changed = (): void => void (state.isStale = true);
  /** Runs in its turn; the GPU is checked before, and waited for behind. */
  const method = <T>(call: string, run: () => T | Promise<T>): Promise<T> =>
    inOrder(async () => {
      const where = `${name}.${call}`;
      session.checkRuns(where);
      const result = await runAndSettle(trainer, run).catch((error) => session.fail(where, error));
      // A lost device accepts everything.
      session.checkRuns(where);
      return result;
    });
  return {
    hyperparameters: core.hyperparameters,
    get step() {
      return core.step;
    },
    device: session.site.device as unknown as GpuDevice,
    family: session.site.family,
    precision: session.site.precision,
    trainStep: (inputs, { results = true } = {}) =>
      method('trainStep', async () => {
        state.given = checkStep(trainer, inputs);
        changed();
        core.trainStep({ loss: 0 });
        return results ? step.results() : undefined;
      }),
    forward: (inputs) =>
      method('forward', async () => {
        checkInputs(`${name}.forward`, halves.inputs, inputs);
        await openHalves(trainer, `${name}.forward`);
        write(halves.inputs, inputs);
        core.forward();
        changed();
        return session.readOnce(`${name}.forward`, halves.outputs);
      }),
    predict: (inputs) =>
      method('predict', async () => {
        if (state.isStale) await session.submit(`${name}.predict`, inference.prepare);
        state.isStale = false;
        return inference.predict(inputs);
      }),
    backward: (gradients) =>
      method('backward', async () => {
        checkInputs(`${name}.backward`, halves.outputGradients, gradients, 'gradient');
        await openHalves(trainer, `${name}.backward`);
        write(halves.outputGradients, gradients);
        core.backward();
        return {
          inputs: await session.readOnce(`${name}.backward`, halves.inputGradients),
          parameters: await session.readOnce(`${name}.backward`, halves.parameterGradients),
        };
      }),
    applyGradients: (gradients) =>
      method('applyGradients', async () => {
        checkInputs(`${name}.applyGradients`, halves.toApply, gradients, 'gradient');
        await openHalves(trainer, `${name}.applyGradients`);
        write(halves.toApply, gradients);
        core.applyGradients();
        changed();
      }),
    exportWeights: () =>
      method('exportWeights', async () => {
        await download(trainer, 'exportWeights', ({ role }) => role === 'weight' || role === 'buffer');
        return core.exportWeights();
      }),
    loadWeights: (bytes, options) =>
      method('loadWeights', async () => {
        // What the file leaves out stays as it is.
        await download(trainer, 'loadWeights', isStored);
        return core.loadWeights(bytes, options);
      }),
    saveState: () =>
      method('saveState', async () => {
        await download(trainer, 'saveState', isStored);
        return core.saveState();
      }),
    loadState: (bytes) => method('loadState', () => core.loadState(bytes)),
    onLost: session.onLost,
    close: session.close,
  };
}

/** The arguments of a step, if they are right. */
function checkStep({ training }: Trainer, inputs: object): Named<GpuNumbers> {
  const { name, step, microBatches } = training;
  const whole = step.inputs.map(({ shape: [images, ...rest], ...one }) => {
    return { ...one, shape: [images! * microBatches, ...rest] };
  });
  checkInputs(`${name}.trainStep`, whole, inputs);
  const given = inputs as Named<GpuNumbers>;
  for (const { name: label, classes, ignored } of step.labels)
    checkLabels(`${name}.trainStep`, label, given[label] as Int32Array, classes, ignored);
  return given;
}

/** From the GPU to the arrays that are written to files. */
async function download(
  { session, training, mirrors }: Trainer,
  call: string,
  isWanted: (parameter: GpuParameter) => boolean,
): Promise<void> {
  const wanted = training.parameters.filter(isWanted);
  const tensors = wanted.map(({ name, shape, range }): GpuTensor => ({ name, shape, dtype: 'f32', range }));
  const found = (await session.readOnce(`${training.name}.${call}`, tensors)) as Named<Float32Array>;
  for (const { name, data } of mirrors) if (found[name]) data.set(found[name]);
}

/** Runs jobs one after the other, whatever becomes of the ones before. */
function createQueue(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job, job);
    last = next.catch(() => undefined);
    return next;
  };
}
