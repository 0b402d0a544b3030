/** The trainer, over a plan and memories made by hand: what it copies, and when it opens what. */
import { describe, expect, it } from 'vitest';
import { defaultHyperparameters } from '../../runtime/training/hyperparameters.ts';
import { createTrainer } from '../../runtime/training/immediate.ts';
import type { ImmediatePlan, TrainingBackend } from '../../runtime/training/memories.ts';
import type { NamedParameter } from '../../runtime/training/parameters.ts';

/** Memory of a net of one weight: y = w x, and the loss is the sum of (y - target). */
interface Memory {
  readonly x: Float32Array;
  readonly target: Int32Array;
  readonly y: Float32Array;
  readonly dy: Float32Array;
  readonly dx: Float32Array;
  readonly dw: Float32Array;
  readonly loss: Float32Array;
  readonly rate: Float32Array;
  readonly seed: Uint32Array;
}

interface Site {
  readonly memory: Memory;
  readonly weight: Float32Array;
  readonly sum: Float32Array;
}

const BATCH = 2;

const createMemory = (): Memory => ({
  ...{ x: new Float32Array(BATCH), target: new Int32Array(BATCH), y: new Float32Array(BATCH) },
  ...{ dy: new Float32Array(BATCH), dx: new Float32Array(BATCH), dw: new Float32Array(1) },
  ...{ loss: new Float32Array(1), rate: new Float32Array(1), seed: new Uint32Array(2) },
});

const forward = ({ memory: { x, y }, weight }: Site): void =>
  y.forEach((_, i) => (y[i] = weight[0]! * x[i]!));

const loss = ({ memory }: Site): void =>
  void (memory.loss[0] = memory.y.reduce((sum, y, i) => sum + y - memory.target[i]!, 0));

const addUp = ({ memory: { x }, sum }: Site): void =>
  void (sum[0]! += x.reduce((total, one) => total + one, 0));

const descend = ({ memory: { rate }, weight }: Site, gradient: number): void =>
  void (weight[0]! -= rate[0]! * gradient);

function backward({ memory: { x, dy, dx, dw }, weight }: Site): void {
  dx.forEach((_, i) => (dx[i] = weight[0]! * dy[i]!));
  dw[0] = dy.reduce((sum, one, i) => sum + one * x[i]!, 0);
}

function planOf(microBatches: number): ImmediatePlan<Site, Site> {
  const tensor = (name: string, place = name) => ({ name, shape: [BATCH], dtype: 'f32' as const, place });
  const isSplit = microBatches > 1;
  const scalars = { hyper: { learningRate: 'rate' }, seed: 'seed' };
  const apply = (site: Site): void => descend(site, isSplit ? site.sum[0]! : site.memory.dw[0]!);
  return {
    ...{ name: 'line', microBatches },
    step: {
      inputs: [tensor('x'), { ...tensor('label', 'target'), dtype: 'i32' }],
      outputs: [tensor('y')],
      ...scalars,
      loss: 'loss',
      labels: [{ name: 'label', classes: 3 }],
      prepare: [],
      run: [forward, loss, addUp, ...(isSplit ? [] : [(site: Site) => descend(site, site.sum[0]!)])],
      ...(isSplit && { update: apply }),
    },
    halves: {
      inputs: [tensor('x')],
      outputs: [tensor('y')],
      ...scalars,
      outputGradients: [tensor('y', 'dy')],
      inputGradients: [tensor('x', 'dx')],
      parameterGradients: [
        { name: 'w', shape: [1], dtype: 'f32', place: 'dw', ...(isSplit && { sum: 'w.accumulated' }) },
      ],
      forward: [forward],
      backward: [backward],
      update: [apply],
    },
  };
}

/** A backend that behaves as WebAssembly's: opening the halves moves everything, and earlier arrays are gone. */
function createMoving() {
  const opened = { steps: 0, halves: 0, prepared: 0 };
  let [weight, sum] = [Float32Array.of(2), new Float32Array(1)];
  let step = createMemory();
  const site = (memory: Memory): Site => ({ memory, weight, sum });
  const backend: TrainingBackend<Site, Site> = {
    parameters: (): NamedParameter[] => [
      { name: 'w', shape: [1], role: 'weight', data: weight },
      { name: 'w.accumulated', shape: [1], role: 'accumulator', data: sum },
    ],
    step() {
      opened.steps++;
      return { arrays: step, site: site(step) };
    },
    halves() {
      opened.halves++;
      const old = [weight, sum, ...Object.values<Memory[keyof Memory]>({ ...step })];
      [weight, sum, step] = [weight.slice(), sum.slice(), createMemory()];
      for (const array of old) array.fill(7);
      const memory = createMemory();
      return { arrays: memory, site: site(memory) };
    },
  };
  const inference = {
    prepare: () => void opened.prepared++,
    predict: (inputs: object) => ({ y: (inputs as Memory).x.map((one) => weight[0]! * one) }),
  };
  return { opened, backend, inference, weightOf: () => weight[0]!, sumOf: () => sum };
}

function createLine(microBatches = 1) {
  const moving = createMoving();
  const hyperparameters = { ...defaultHyperparameters, learningRate: 0.5 };
  const plan = planOf(microBatches);
  const trainer = createTrainer(plan, moving.backend, moving.inference, { seed: 3, hyperparameters });
  return { ...moving, trainer };
}

const x = Float32Array.of(1, 2);
const label = Int32Array.of(0, 1);

describe('a step', () => {
  it('copies inputs to their places, runs the phases, and returns arrays of the memory', () => {
    const { trainer, weightOf, opened } = createLine();
    const result = trainer.trainStep({ x, label });
    expect(result).toEqual({ y: Float32Array.of(2, 4), loss: 5 });
    expect([weightOf(), trainer.step]).toEqual([0.5, 1]);
    expect(trainer.trainStep({ x, label })).toBe(result);
    expect(opened).toEqual({ steps: 1, halves: 0, prepared: 0 });
  });

  it('of micro-batches takes them one after the other and joins their outputs; the loss is the mean', () => {
    const { trainer, weightOf } = createLine(2);
    const inputs = { x: Float32Array.of(1, 2, 3, 4), label: Int32Array.of(0, 1, 1, 2) };
    const first = trainer.trainStep(inputs);
    expect(first).toEqual({ y: Float32Array.of(2, 4, 6, 8), loss: (5 + 11) / 2 });
    expect(weightOf()).toBe(2 - 0.5 * 10);
    expect(trainer.trainStep(inputs)).toBe(first);
  });

  it.each([
    ['one batch', 1, '`x` needs 2 numbers (2), got 3'],
    ['two micro-batches', 2, '`x` needs 4 numbers (4), got 3'],
  ])('of %s checks sizes, types and labels before anything runs', (_, parts, message) => {
    const { trainer, weightOf } = createLine(parts);
    const three = new Float32Array(3);
    expect(() => trainer.trainStep({ x: three, label: new Int32Array(3) })).toThrow(
      `line.trainStep: input ${message}`,
    );
    const whole = new Float32Array(2 * parts);
    expect(() => trainer.trainStep({ x: whole, label: whole })).toThrow('input `label` needs an Int32Array');
    const wrong = new Int32Array(2 * parts).fill(3);
    expect(() => trainer.trainStep({ x: whole, label: wrong })).toThrow('has the label 3 at index 0');
    expect(() => trainer.trainStep(undefined as unknown as object)).toThrow(
      'takes its inputs by name, { x, label }',
    );
    expect([weightOf(), trainer.step]).toEqual([2, 0]);
  });
});

describe('the halves', () => {
  it('are opened by the first call, once, after which a step runs in the memory as it is then', () => {
    const { trainer, opened, weightOf } = createLine();
    const result = trainer.trainStep({ x, label });
    expect(trainer.forward({ x })).toEqual({ y: Float32Array.of(0.5, 1) });
    trainer.forward({ x });
    expect(opened).toEqual({ steps: 2, halves: 1, prepared: 0 });
    expect(trainer.trainStep({ x, label })).toBe(result);
    expect(result).toEqual({ y: Float32Array.of(0.5, 1), loss: 0.5 });
    expect(weightOf()).toBe(0.5 - 0.5 * 6);
  });

  it('give gradients by name and take them back', () => {
    const { trainer, weightOf } = createLine();
    trainer.forward({ x });
    const gradients = trainer.backward({ y: Float32Array.of(1, 1) }) as { parameters: object };
    expect(gradients).toEqual({
      inputs: { x: Float32Array.of(2, 2) },
      parameters: { w: Float32Array.of(3) },
    });
    trainer.applyGradients(gradients.parameters);
    expect([weightOf(), trainer.step]).toEqual([2 - 0.5 * 3, 1]);
    trainer.applyGradients({ w: Float32Array.of(1) });
    expect([weightOf(), trainer.step]).toEqual([0, 2]);
  });

  it('with micro-batches write given gradients where their sums are', () => {
    const { trainer, weightOf, sumOf } = createLine(2);
    trainer.applyGradients({ w: Float32Array.of(4) });
    expect(sumOf()).toEqual(Float32Array.of(4));
    expect(weightOf()).toBe(0);
  });

  it('refuse a backward without its forward, and gradients that do not fit', () => {
    const { trainer } = createLine();
    expect(() => trainer.backward({ y: new Float32Array(2) })).toThrow('line.backward: call forward first');
    expect(() => trainer.backward({ y: new Float32Array(3) })).toThrow('gradient `y` needs 2 numbers');
    expect(() => trainer.applyGradients({})).toThrow('line.applyGradients: gradient `w` is missing');
  });
});

describe('predict', () => {
  it('prepares inference where parameters have changed since, and at no other time', () => {
    const { trainer, opened } = createLine();
    const prepared = (change?: () => unknown): number => {
      change?.();
      trainer.predict({ x });
      return opened.prepared;
    };
    expect(prepared()).toBe(0);
    expect(prepared(() => trainer.trainStep({ x, label }))).toBe(1);
    expect(prepared()).toBe(1);
    expect(prepared(() => trainer.forward({ x }))).toBe(2);
    expect(prepared(() => trainer.applyGradients({ w: Float32Array.of(0) }))).toBe(3);
    expect(prepared(() => trainer.loadWeights(trainer.exportWeights()))).toBe(4);
    expect(prepared(() => trainer.loadState(trainer.saveState()))).toBe(5);
    expect(trainer.predict({ x })).toEqual({ y: Float32Array.of(0.5, 1) });
  });
});
