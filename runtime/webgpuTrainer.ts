/**
 * The trainer of a package on WebGPU. What a step is made of, and what is written to files, is runtime/trainer.ts', which
 * works on arrays: here are arrays that stand for what lies on the GPU. Before a step its scalars are written there;
 * weights come back when they are asked for. Calls run one after the other in the order in which they were made.
 */
import { checkInputs, checkLabels } from './check.ts';
import {
  createTrainerCore,
  readWeights,
  type HalvesPart,
  type Hyperparameters,
  type LeftOut,
  type LoadWeightsOptions,
  type NamedParameter,
  type TrainerCore,
} from './trainer.ts';
import { createGpuModel, withSession, type GpuModel, type GpuProgram, type GpuSizes } from './webgpu.ts';
import type { GpuOptions } from './webgpuDevice.ts';
import type { GpuParameter, GpuTensor, Phase } from './webgpuProgram.ts';
import type { GpuNumbers, GpuSession, Named, RecordPass } from './webgpuSession.ts';
import type { GpuRange } from './webgpuTypes.ts';
import { loadBytes, type ByteSource } from './weights.ts';

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

/** By the names of inputs, outputs and parameters; a package's `trainer.ts` has them in its types. */
export interface GpuTrainer {
  readonly hyperparameters: Hyperparameters;
  readonly step: number;
  trainStep(inputs: object, options?: { readonly results?: boolean }): Promise<object | undefined>;
  forward(inputs: object): Promise<object>;
  predict(inputs: object): Promise<object>;
  backward(gradients: object): Promise<object>;
  applyGradients(gradients: object): Promise<void>;
  exportWeights(): Promise<Uint8Array>;
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): Promise<LeftOut[]>;
  saveState(): Promise<Uint8Array>;
  loadState(bytes: Uint8Array | ArrayBuffer): Promise<void>;
  close(): void;
}

/** The inference program over the same parameters. */
export interface GpuInference {
  readonly prepare: RecordPass;
  predict(inputs: object): Promise<object>;
}

/** What a package that trains keeps for inference; see its `parameters.ts` and `prepare.ts`. */
export interface GpuKept {
  readonly weights: readonly GpuParameter[];
  readonly constants: readonly GpuConstant[];
  readonly prepare: readonly Phase[];
}

export interface GpuTrainerOptions {
  readonly seed: number;
  readonly hyperparameters: Hyperparameters;
}

/** Arrays in which the parameters come from and go to files. */
const mirrorParameters = (parameters: readonly GpuParameter[]): NamedParameter[] =>
  parameters.map(({ name, shape, role, range }) => {
    return { name, shape, role, data: new Float32Array(range.bytes / 4) };
  });

function writeConstants({ write }: GpuSession, constants: readonly GpuConstant[]): void {
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
    const mirrors = mirrorParameters(training.parameters);
    readWeights(name, mirrors, bytes);
    writeConstants(session, [...kept.constants, ...training.constants]);
    const model = createGpuModel(session, program, record);
    return createGpuTrainer(session, training, mirrors, { prepare, predict: model.forward }, settings);
  });
}

interface Trainer {
  readonly session: GpuSession;
  readonly training: GpuTraining;
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
): Promise<GpuTrainer> {
  const state: Trainer['state'] = { given: {}, isStale: true };
  const trainer: Trainer = { session, training, mirrors, pending: [], state };
  const step = await createStep(trainer);
  const prepare = await session.compile(training.prepare);
  const core = createTrainerCore(
    {
      ...{ name: training.name, parameters: mirrors, step: step.part, halves: () => state.halves! },
      prepare() {
        training.parameters.forEach(({ range }, i) => session.write(range, mirrors[i]!.data));
        trainer.pending.push(session.submit(`${training.name}.load`, prepare));
        state.isStale = true;
      },
    },
    seed,
    hyperparameters,
  );
  await settle(trainer);
  return methods(trainer, core, step, inference);
}

/** Waits for all that was submitted; throws what the GPU refused. */
async function settle({ pending }: Trainer): Promise<void> {
  await Promise.all(pending.splice(0));
}

interface Step {
  readonly part: Parameters<typeof createTrainerCore>[0]['step'];
  results(): Promise<object>;
}

/** One array for each scalar, and how they all are written to the GPU. */
function scalarsOf(session: GpuSession, { hyper, seed }: GpuScalars) {
  const numbers = Object.fromEntries(Object.keys(hyper).map((name) => [name, new Float32Array(1)]));
  const words = seed ? new Uint32Array(2) : undefined;
  return {
    scalars: { hyper: numbers, ...(words && { seed: words }) },
    write(): void {
      for (const name in hyper) session.write(hyper[name]!, numbers[name]!);
      if (seed) session.write(seed, words!);
    },
  };
}

async function createStep(trainer: Trainer): Promise<Step> {
  const { session, training, pending, state } = trainer;
  const { name, step, microBatches } = training;
  const run = await session.compile(step.run);
  const update = await session.compile(step.update ? [step.update] : []);
  const { scalars, write } = scalarsOf(session, step);
  const loss: GpuTensor = { name: 'loss', shape: [1], dtype: 'f32', range: step.loss };
  const reader = session.createReader([...step.outputs, loss], microBatches);
  const sums = training.parameters.filter(({ role }) => role === 'accumulator').map(({ range }) => range);
  const call = `${name}.trainStep`;
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
      write();
      const clear = index === 0 ? sums : [];
      const collect = (encoder: Parameters<typeof reader.collect>[0]): void => reader.collect(encoder, index);
      pending.push(session.submit(call, run, { clear, collect }));
    },
    ...(step.update && {
      microBatches: {
        count: microBatches,
        update() {
          write();
          pending.push(session.submit(call, update));
        },
      },
    }),
  };
  return {
    part,
    async results() {
      const { loss: losses, ...outputs } = await reader.read(call);
      return { ...outputs, loss: (losses as Float32Array).reduce((sum, one) => sum + one / microBatches, 0) };
    },
  };
}

/** Memory, pipelines and readers of the halves, when one of them is first wanted. */
async function openHalves(trainer: Trainer): Promise<void> {
  const { session, training, pending, state } = trainer;
  if (state.halves) return;
  const { name, halves } = training;
  await session.addBuffer('halves', halves.bytes);
  const [forward, backward, update] = await Promise.all(
    [halves.forward, halves.backward, halves.update].map((phases) => session.compile(phases)),
  );
  const { scalars, write } = scalarsOf(session, halves);
  const half = (call: string, record: RecordPass) => (): void => {
    write();
    pending.push(session.submit(`${name}.${call}`, record));
  };
  state.halves = {
    ...scalars,
    forward: half('forward', forward!),
    backward: half('backward', backward!),
    update: half('applyGradients', update!),
  };
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
      session.checkRuns(`${name}.${call}`);
      const result = await run();
      await settle(trainer);
      return result;
    });
  return {
    hyperparameters: core.hyperparameters,
    get step() {
      return core.step;
    },
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
        await openHalves(trainer);
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
        await openHalves(trainer);
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
        await openHalves(trainer);
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
        await download(trainer, 'loadWeights', ({ role }) => role !== 'accumulator');
        return core.loadWeights(bytes, options);
      }),
    saveState: () =>
      method('saveState', async () => {
        await download(trainer, 'saveState', ({ role }) => role !== 'accumulator');
        return core.saveState();
      }),
    loadState: (bytes) => method('loadState', () => core.loadState(bytes)),
    close: () => session.close(),
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
