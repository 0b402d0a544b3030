/**
 * Training steps on a GPU from a program's phases: parameters and the optimizer's state stay there from step to step, the
 * loss is read when a step is done. Scalars are computed as `runtime/training/trainer.ts` does.
 */
import { hyperInputName } from '../../compiler/autodiff/trainingGraph.ts';
import type { Hyperparameter } from '../../compiler/autodiff/optimizers/types.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { HALVES, phaseCalls, type Buffer, type Timeline } from '../../compiler/program/types.ts';
import type { TrainingStep } from '../../compiler/driver/trainingStep.ts';
import { defaultHyperparameters, type Hyperparameters } from '../../runtime/training/hyperparameters.ts';
import { createGpuMachine, type GpuMachine } from './gpuMachine.ts';

type Named = Readonly<Record<string, ArrayLike<number>>>;

export interface GpuTrainer {
  /** The loss. */
  trainStep(inputs: Named): Promise<number>;
  /** An output of the forward phase, which leaves the parameters alone where nothing keeps statistics. */
  predict(inputs: Named, output: string): Promise<Float32Array>;
  /** Parameters and running statistics as they are now. */
  weights(): Promise<Named>;
  checkCanaries(): Promise<void>;
  destroy(): void;
}

/** `weights`: by name, what PyTorch starts from; the optimizer's state starts from zeros. */
const startOf = ({ parameters }: TrainingStep, weights: Named): Bindings =>
  Object.fromEntries(
    parameters.map(({ name, shape, role }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const given = weights[name];
      if (!given && (role === 'weight' || role === 'buffer')) throw new Error(`no numbers for ${name}`);
      return [name, given ?? new Float32Array(size)];
    }),
  );

function writeScalars(
  machine: GpuMachine,
  isRead: (name: string) => boolean,
  given: Hyperparameters,
  t: number,
) {
  const scalars = {
    ...given,
    biasCorrection1: 1 - Math.fround(given.beta1) ** t,
    biasCorrection2: 1 - Math.fround(given.beta2) ** t,
  };
  for (const [name, value] of Object.entries(scalars)) {
    const input = hyperInputName(name as Hyperparameter);
    if (isRead(input)) machine.write(input, [value]);
  }
}

function open(gpu: GPUDevice, training: TrainingStep, weights: Named, timeline: Timeline) {
  const { program } = training;
  const plan = timeline === HALVES ? training.halves : training.plan;
  const machine = createGpuMachine(gpu, program, plan, startOf(training, weights), timeline);
  machine.run(phaseCalls(program, 'prepare'));
  const inputs = new Set(
    program.buffers.flatMap(({ role, publicName }) => (role === 'input' ? [publicName] : [])),
  );
  return { machine, isRead: (name: string) => inputs.has(name), calls: runCalls(program, timeline) };
}

const isParameter = ({ role }: Buffer): boolean => role === 'parameter';

/** Numbers of the wanted buffers by their public names. */
async function readNamed(
  { program }: TrainingStep,
  machine: GpuMachine,
  isWanted: (buffer: Buffer) => boolean,
): Promise<Named> {
  const found = await machine.read(isWanted);
  return Object.fromEntries([...found].map(([id, numbers]) => [program.buffers[id]!.publicName!, numbers]));
}

export function createGpuTrainer(
  gpu: GPUDevice,
  training: TrainingStep,
  weights: Named,
  hyperparameters: Partial<Hyperparameters>,
): GpuTrainer {
  const { machine, isRead, calls } = open(gpu, training, weights, training.timeline);
  const given = { ...defaultHyperparameters, ...hyperparameters };
  let steps = 0;
  return {
    async trainStep(inputs) {
      steps++;
      writeScalars(machine, isRead, given, steps);
      for (const [name, numbers] of Object.entries(inputs)) machine.write(name, numbers);
      machine.run(calls);
      const isLoss = ({ role, publicName }: Buffer): boolean => role === 'output' && publicName === 'loss';
      return (await readNamed(training, machine, isLoss))['loss']![0]!;
    },
    async predict(inputs, output) {
      for (const [name, numbers] of Object.entries(inputs)) machine.write(name, numbers);
      machine.run(phaseCalls(training.program, 'forward'));
      const isWanted = ({ role, publicName }: Buffer): boolean => role === 'output' && publicName === output;
      return (await readNamed(training, machine, isWanted))[output] as Float32Array;
    },
    weights: () => readNamed(training, machine, isParameter),
    checkCanaries: () => machine.checkCanaries(),
    destroy: () => machine.destroy(),
  };
}

/** Outputs, loss and every gradient by the halves of a step, and the running statistics after it. */
export async function gradientsOnGpu(
  gpu: GPUDevice,
  training: TrainingStep,
  weights: Named,
  inputs: Named,
): Promise<{ readonly outputs: Named; readonly parameters: Named }> {
  const { machine, calls } = open(gpu, training, weights, HALVES);
  for (const [name, numbers] of Object.entries(inputs)) machine.write(name, numbers);
  const updates = new Set(phaseCalls(training.program, 'update'));
  machine.run(calls.filter((call) => !updates.has(call)));
  const outputs = await readNamed(training, machine, ({ role }) => role === 'output');
  const parameters = await readNamed(training, machine, isParameter);
  await machine.checkCanaries();
  machine.destroy();
  return { outputs, parameters };
}
