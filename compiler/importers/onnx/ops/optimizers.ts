/** The training optimizers of `ai.onnx.preview.training`: steps of Adagrad, Adam and momentum, as arithmetic. */
import { binary, scalar, unary } from '../../recorded/algebra/arithmetic.ts';
import type { Value } from '../../recorded/calls.ts';
import type { NodeView } from '../node.ts';
import type { Translate, Translations } from './types.ts';

const add = (node: NodeView, a: Value, b: Value): Value => binary(node.r, 'add', a, b);
const sub = (node: NodeView, a: Value, b: Value): Value => binary(node.r, 'sub', a, b);
const mul = (node: NodeView, a: Value, b: Value | number): Value =>
  binary(node.r, 'mul', a, typeof b === 'number' ? scalar(b) : b);
const div = (node: NodeView, a: Value, b: Value): Value => binary(node.r, 'div', a, b);

/** The operands after the rate and the step, as `kinds` lists of equal length: tensors, gradients, states. */
function groups(node: NodeView, kinds: number): Value[][] {
  const count = (node.inputs.length - 2) / kinds;
  if (!Number.isInteger(count) || count < 1) node.refuse('CNNC3015', `it has ${node.inputs.length} operands`);
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: kinds }, (_unused, kind) => node.value(2 + i + kind * count)),
  );
}

/** Orders the results: all tensors first, then all states of one kind, then those of the next kind. */
const regrouped = (steps: readonly (readonly Value[])[]): Value[] =>
  steps[0]!.flatMap((_, kind) => steps.map((step) => step[kind]!));

/** The gradient plus the gradient of the norm penalty. */
const regularized = (node: NodeView, x: Value, gradient: Value): Value =>
  add(node, mul(node, x, node.float('norm_coefficient', 0)), gradient);

const rateAndStep = (node: NodeView): [number, number] => [
  node.known(0, 'learning rate').data[0]!,
  node.known(1, 'count of updates').data[0]!,
];

const adagrad: Translate = (node) => {
  const [rate, step] = rateAndStep(node);
  const decayed = rate / (1 + step * node.float('decay_factor', 0));
  return regrouped(
    groups(node, 3).map(([x, gradient, sum]) => {
      const g = regularized(node, x!, gradient!);
      const total = add(node, sum!, mul(node, g, g));
      const scale = add(node, unary(node.r, 'sqrt', total), scalar(node.float('epsilon', 1e-6)));
      return [sub(node, x!, div(node, mul(node, g, decayed), scale)), total];
    }),
  );
};

const adam: Translate = (node) => {
  const [rate, step] = rateAndStep(node);
  const [alpha, beta] = [node.float('alpha', 0.9), node.float('beta', 0.999)];
  const adjusted = step > 0 ? (rate * Math.sqrt(1 - beta ** step)) / (1 - alpha ** step) : rate;
  const post = 1 - node.float('norm_coefficient_post', 0);
  return regrouped(
    groups(node, 4).map(([x, gradient, mean, square]) => {
      const g = regularized(node, x!, gradient!);
      const v = add(node, mul(node, mean!, alpha), mul(node, g, 1 - alpha));
      const h = add(node, mul(node, square!, beta), mul(node, mul(node, g, g), 1 - beta));
      const scale = add(node, unary(node.r, 'sqrt', h), scalar(node.float('epsilon', 1e-6)));
      const next = sub(node, x!, div(node, mul(node, v, adjusted), scale));
      return [post === 1 ? next : mul(node, next, post), v, h];
    }),
  );
};

const momentum: Translate = (node) => {
  const [rate, step] = rateAndStep(node);
  const [alpha, beta] = [node.float('alpha'), step > 0 ? node.float('beta') : 1];
  const mode = node.text('mode');
  if (mode !== 'standard' && mode !== 'nesterov')
    return node.refuse('CNNC3016', `the mode ${JSON.stringify(mode)} is not supported`);
  return regrouped(
    groups(node, 3).map(([x, gradient, velocity]) => {
      const g = regularized(node, x!, gradient!);
      const v = add(node, mul(node, velocity!, alpha), mul(node, g, beta));
      const ahead = mode === 'nesterov' ? add(node, g, mul(node, v, alpha)) : v;
      return [sub(node, x!, mul(node, ahead, rate)), v];
    }),
  );
};

export const optimizers: Translations = { Adagrad: adagrad, Adam: adam, Momentum: momentum };
