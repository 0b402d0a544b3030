/**
 * The loss that training minimizes: the scalar that the model's own `loss` returns, or the mean cross-entropy of its
 * logits.
 */
import type { Model, Tensors } from './model.ts';
import { appendInput, createNet, type NetState } from './net.ts';
import type { Refuse } from './refuse.ts';
import { belongsTo, describe, isTensor, type Tensor } from './tensor.ts';

/** Name of the last output of a training graph. */
export const LOSS_OUTPUT = 'loss';

/** Name of the target of the default loss: class numbers, i32[N]. */
const LABEL_TARGET = 'label';

export interface LossSite {
  /** Names of the model's inputs. */
  readonly inputs: readonly string[];
  readonly outputs: Tensors;
  readonly targets: Tensors;
  /** Runs a function of the model file. */
  call(action: () => unknown): unknown;
  readonly refuse: Refuse;
}

export function appendLoss(model: Model, state: NetState, site: LossSite): Tensor {
  const net = createNet(state, `${LOSS_OUTPUT}.`);
  if (!model.loss) return net.crossEntropy(...logitsAndLabel(model, state, site));
  const parameters = new Set(state.parameters.keys());
  const loss = site.call(() => model.loss!(net, site.outputs, site.targets));
  const added = [...state.parameters.keys()].find((name) => !parameters.has(name));
  if (added !== undefined)
    site.refuse('CNNC1030', `loss makes the parameter ${added}; parameters must be made in build`);
  return checkScalar(loss, state, site.refuse);
}

function checkScalar(loss: unknown, state: NetState, refuse: Refuse): Tensor {
  if (!isTensor(loss)) return refuse('CNNC1030', `loss returned ${describe(loss)}, expected a scalar tensor`);
  if (!belongsTo(state, loss))
    refuse('CNNC1022', 'loss returned a tensor of another net: it was kept from an earlier call of build');
  if (loss.dtype !== 'f32') refuse('CNNC1030', `loss returned ${loss.dtype}, expected f32`);
  if (loss.shape.length > 0) {
    refuse('CNNC1030', `loss returned ${describe(loss)}, expected a scalar`, ['net.reduceMean(x) makes one']);
  }
  return loss;
}

function logitsAndLabel(
  model: Model,
  state: NetState,
  { inputs, outputs, refuse }: LossSite,
): [Tensor, Tensor] {
  const known = Object.entries(outputs);
  const [, logits] = known[0]!;
  if (known.length > 1 || logits.dtype !== 'f32' || logits.shape.length !== 2) {
    const found = known.map(([name, { dtype, shape }]) => `${name} ${dtype}[${shape.join(',')}]`).join(', ');
    return refuse(
      'CNNC1031',
      `it has no loss to train with; only a model with one output f32[N, classes] needs none, this one has ${found}`,
      [
        'defineModel({ ..., targets: { mask: [1, 1, 64, 64] }, loss: (net, { y }, { mask }) => net.mseLoss(y, mask) })',
      ],
    );
  }
  if ([...inputs, known[0]![0]].includes(LABEL_TARGET)) {
    refuse(
      'CNNC1023',
      `the name ${LABEL_TARGET} is taken by the target of the default loss; rename the input or output`,
    );
  }
  const type = { dtype: 'i32', shape: [logits.shape[0]!] } as const;
  return [logits, appendInput(state, LABEL_TARGET, type, model.place)];
}
