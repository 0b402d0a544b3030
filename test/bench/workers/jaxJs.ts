/**
 * A training step of jax-js on its WebAssembly backend, of nets that are a chain: forward, loss, gradients of all weights,
 * gradient descent, under `jit`. files: `jax` (its dist folder), `plan`, `tensors`, `image`, `shape`, `label`.
 *
 * The plan is tfjs' (NHWC, filters HWIO); jax-js convolves NCHW by OIHW, so filters are turned around once.
 */
import type { Host, Job, Session } from './job.ts';
import { readFloats, readInts, readJson } from './numbers.ts';
import type { Step, TfjsPlan } from './tfjsPlan.ts';

/** Arguments are given away; `ref` keeps one. */
interface Value {
  readonly ref: Value;
  readonly shape: readonly number[];
  reshape(shape: readonly number[]): Value;
  transpose(axes: readonly number[]): Value;
  add(other: Value): Value;
  sub(other: Value): Value;
  mul(other: Value | number): Value;
  sum(): Value;
  data(): Promise<Float32Array>;
}

type Weights = Record<string, Value>;

interface Jax {
  init(): Promise<readonly string[]>;
  defaultDevice(name: string): void;
  jit<F>(run: F): F;
  valueAndGrad(run: (weights: Weights) => Value): (weights: Weights) => [Value, Weights];
  readonly numpy: {
    array(data: Float32Array | Int32Array): Value;
    matmul(a: Value, b: Value): Value;
    max(x: Value): Value;
  };
  readonly lax: {
    conv(x: Value, filter: Value, strides: readonly number[], padding: string): Value;
    reduceWindow(
      x: Value,
      compute: (x: Value) => Value,
      window: readonly number[],
      strides: readonly number[],
    ): Value;
  };
  readonly nn: {
    relu(x: Value): Value;
    logSoftmax(x: Value): Value;
    oneHot(x: Value, classes: number): Value;
  };
}

const RATE = 1e-3;

export async function load({ files }: Job, host: Host): Promise<Session> {
  // One thread: its pool of workers is as large as the machine.
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 1 }, configurable: true });
  const jax = (await import(host.addressOf(`${files['jax']!}/index.js`))) as Jax;
  await jax.init();
  jax.defaultDevice('wasm');
  const plan = (await readJson(host, files['plan']!)) as TfjsPlan;
  let weights = readTensors(jax, plan, await readFloats(host, files['tensors']!));
  const pixels = await readFloats(host, files['image']!);
  const image = jax.numpy.array(pixels).reshape(files['shape']!.split('x').map(Number));
  const labels = jax.numpy.array(await readInts(host, files['label']!));
  const batch = image.shape[0]!;
  const step = jax.jit((given: Weights, x: Value, y: Value): [Value, Weights] => {
    const loss = (current: Weights): Value => {
      const logits = runChain(jax, plan.steps, current, x);
      const classes = logits.shape[1]!;
      return jax.nn
        .logSoftmax(logits)
        .mul(jax.nn.oneHot(y, classes))
        .sum()
        .mul(-1 / batch);
    };
    const kept = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.ref]));
    const [value, gradients] = jax.valueAndGrad(loss)(kept);
    const updated = Object.entries(given).map(([name, old]) => [name, old.sub(gradients[name]!.mul(RATE))]);
    return [value, Object.fromEntries(updated) as Weights];
  });
  return {
    async run() {
      const [loss, updated] = step(weights, image.ref, labels.ref);
      weights = updated;
      return loss.data();
    },
  };
}

function readTensors({ numpy }: Jax, plan: TfjsPlan, numbers: Float32Array): Weights {
  const filters = new Set(plan.steps.flatMap((step) => (step.op === 'conv2d' ? [step.filter] : [])));
  return Object.fromEntries(
    plan.tensors.map(({ value, shape, offset }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const tensor = numpy.array(numbers.slice(offset, offset + size)).reshape(shape);
      return [String(value), filters.has(value) ? tensor.transpose([3, 2, 0, 1]) : tensor];
    }),
  );
}

/** Each value is read once, by the step after it. */
function runChain(jax: Jax, steps: readonly Step[], weights: Weights, image: Value): Value {
  return steps.reduce((x, step) => runStep(jax, step, weights, x), image);
}

function runStep({ numpy, lax, nn }: Jax, step: Step, weights: Weights, x: Value): Value {
  switch (step.op) {
    case 'conv2d': {
      const sum = lax.conv(x, weights[step.filter]!, step.strides, 'VALID');
      const bias = step.bias === undefined ? undefined : weights[step.bias]!.reshape([1, -1, 1, 1]);
      return activated(nn, bias ? sum.add(bias) : sum, step.activation);
    }
    case 'matMul': {
      const product = numpy.matmul(x, weights[step.weight]!);
      const sum = step.bias === undefined ? product : product.add(weights[step.bias]!);
      return activated(nn, sum, step.activation);
    }
    case 'maxPool':
      return lax.reduceWindow(x, numpy.max, [1, 1, ...step.kernel], [1, 1, ...step.strides]);
    case 'relu':
      return nn.relu(x);
    case 'reshape':
      return x.reshape(step.shape);
    default:
      throw new Error(`jax-js is not asked for ${step.op}`);
  }
}

const activated = (nn: Jax['nn'], x: Value, activation: string): Value =>
  activation === 'linear' ? x : nn.relu(x);
