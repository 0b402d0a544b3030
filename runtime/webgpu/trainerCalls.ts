/**
 * The calls of a trainer on WebGPU. They run one after the other, in the order in which they were made. Weights are
 * read back from the GPU only when a call needs them.
 */
import type { LeftOut } from '../fitTensors.ts';
import type { Named, NumberArray } from '../arrays.ts';
import { checkInputs } from '../check.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';
import { isExported, isStored, type LoadWeightsOptions } from '../training/parameters.ts';
import { checkAllLabels, leaveOut, readCount, wholeInputs, type CountOption } from '../training/plan.ts';
import type { TrainerCore } from '../training/trainer.ts';
import type { GpuParameter, GpuTensor } from './program.ts';
import type { RecordPass } from './session.ts';
import { runAndSettle, type TrainerSite } from './trainerSite.ts';
import { openGpuHalves, type GpuStep } from './trainerSteps.ts';
import type { GpuTraining } from './training.ts';
import type { GpuDevice, GpuLoss, GpuPrecision, KernelFamily } from './types.ts';

/** A trainer; arrays are passed by name. The types in a package's `trainer.ts` list the names. */
export interface GpuTrainer {
  readonly hyperparameters: Hyperparameters;
  readonly step: number;
  readonly device: GpuDevice;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  trainStep(
    inputs: object,
    options?: CountOption & { readonly results?: boolean },
  ): Promise<object | undefined>;
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

/** The inference program with the same parameters. */
export interface GpuInference {
  readonly prepare: RecordPass;
  predict(inputs: object): Promise<object>;
}

interface Parts {
  readonly core: TrainerCore;
  readonly step: GpuStep;
  readonly inference: GpuInference;
}

/** Runs a call after all earlier calls. The device is checked before the call, and the call waits for the GPU. */
type InTurn = <T>(call: string, run: () => T | Promise<T>) => Promise<T>;

export function createCalls(trainer: TrainerSite, parts: Parts): GpuTrainer {
  const { session } = trainer;
  const { core } = parts;
  const inTurn = createTurns(trainer);
  return {
    hyperparameters: core.hyperparameters,
    get step() {
      return core.step;
    },
    device: session.site.device as unknown as GpuDevice,
    family: session.site.family,
    precision: session.site.precision,
    ...createNetCalls(trainer, parts, inTurn),
    ...createGpuHalfCalls(trainer, core, inTurn),
    ...createFileCalls(trainer, core, inTurn),
    onLost: session.onLost,
    close: session.close,
  };
}

function createTurns(trainer: TrainerSite): InTurn {
  const { session, training } = trainer;
  const inOrder = createQueue();
  return (call, run) =>
    inOrder(async () => {
      const where = `${training.name}.${call}`;
      session.checkRuns(where);
      const result = await runAndSettle(trainer, run).catch((error) => session.fail(where, error));
      // A lost device reports no errors.
      session.checkRuns(where);
      return result;
    });
}

function createNetCalls(
  trainer: TrainerSite,
  { core, step, inference }: Parts,
  inTurn: InTurn,
): Pick<GpuTrainer, 'trainStep' | 'predict'> {
  const { session, training, state } = trainer;
  const call = `${training.name}.trainStep`;
  const expected = wholeInputs(training);
  const batch = expected[0]!.shape[0]!;
  return {
    trainStep: (inputs, { results = true, ...options } = {}) =>
      inTurn('trainStep', async () => {
        checkInputs(call, expected, inputs);
        const count = readCount(call, training.step, batch, options);
        checkAllLabels(call, training.step.labels, inputs, count, batch);
        state.given = withoutLast(training.step, inputs as Named<NumberArray>, count, batch);
        core.trainStep({ loss: 0 });
        return results ? step.results() : undefined;
      }),
    predict: (inputs) =>
      inTurn('predict', async () => {
        if (core.isStale) await session.submit(`${training.name}.predict`, inference.prepare);
        core.refreshed();
        return inference.predict(inputs);
      }),
  };
}

/** The inputs with the labels of the last examples replaced, if they do not count. The caller's arrays stay as they are. */
function withoutLast(
  { labels }: GpuTraining['step'],
  inputs: Named<NumberArray>,
  count: number,
  batch: number,
): Named<NumberArray> {
  if (count === batch) return inputs;
  const copies = Object.fromEntries(labels.map(({ name }) => [name, inputs[name]!.slice()]));
  leaveOut(labels, copies, count, batch);
  return { ...inputs, ...copies };
}

function createGpuHalfCalls(
  trainer: TrainerSite,
  core: TrainerCore,
  inTurn: InTurn,
): Pick<GpuTrainer, 'forward' | 'backward' | 'applyGradients'> {
  const { session, training } = trainer;
  const { name, halves } = training;
  const toApply = tensorsToApply(training);
  /** Checks the tensors and writes them to the GPU, then calls `run`; all after the earlier calls. */
  const half = <T>(
    call: string,
    tensors: readonly GpuTensor[],
    given: object,
    run: (where: string) => T | Promise<T>,
  ): Promise<T> =>
    inTurn(call, async () => {
      const where = `${name}.${call}`;
      checkInputs(where, tensors, given, call === 'forward' ? 'input' : 'gradient');
      await openGpuHalves(trainer, where);
      for (const one of tensors) session.write(one.place, (given as Named<NumberArray>)[one.name]!);
      return run(where);
    });
  return {
    forward: (inputs) =>
      half('forward', halves.inputs, inputs, (where) => {
        core.forward();
        return session.readOnce(where, halves.outputs);
      }),
    backward: (gradients) =>
      half('backward', halves.outputGradients, gradients, async (where) => {
        core.backward();
        return {
          inputs: await session.readOnce(where, halves.inputGradients),
          parameters: await session.readOnce(where, halves.parameterGradients),
        };
      }),
    applyGradients: (gradients) => half('applyGradients', toApply, gradients, () => core.applyGradients()),
  };
}

/** The tensors that the update reads: gradients, or their sums in a package with micro-batches. */
function tensorsToApply({ halves, parameters }: GpuTraining): readonly GpuTensor[] {
  const ranges = new Map(parameters.map(({ name, range }) => [name, range]));
  return halves.parameterGradients.map(({ sum, ...one }) =>
    sum ? { ...one, place: ranges.get(sum)! } : one,
  );
}

function createFileCalls(
  trainer: TrainerSite,
  core: TrainerCore,
  inTurn: InTurn,
): Pick<GpuTrainer, 'exportWeights' | 'loadWeights' | 'saveState' | 'loadState'> {
  return {
    exportWeights: () =>
      inTurn('exportWeights', async () => {
        await download(trainer, 'exportWeights', isExported);
        return core.exportWeights();
      }),
    loadWeights: (bytes, options) =>
      inTurn('loadWeights', async () => {
        // Parameters that are not in the file must keep their current numbers.
        await download(trainer, 'loadWeights', isStored);
        return core.loadWeights(bytes, options);
      }),
    saveState: () =>
      inTurn('saveState', async () => {
        await download(trainer, 'saveState', isStored);
        return core.saveState();
      }),
    loadState: (bytes) => inTurn('loadState', () => core.loadState(bytes)),
  };
}

/** Copies parameters from the GPU to the arrays that are written to files. */
async function download(
  { session, training, mirrors }: TrainerSite,
  call: string,
  isWanted: (parameter: GpuParameter) => boolean,
): Promise<void> {
  const wanted = training.parameters.filter(isWanted);
  const tensors = wanted.map(({ name, shape, range }): GpuTensor => ({
    name,
    shape,
    dtype: 'f32',
    place: range,
  }));
  const found = (await session.readOnce(`${training.name}.${call}`, tensors)) as Named<Float32Array>;
  for (const { name, data } of mirrors) if (found[name]) data.set(found[name]);
}

/** Runs jobs one after the other. The next job runs even if one fails. */
function createQueue(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job, job);
    last = next.catch(() => undefined);
    return next;
  };
}
