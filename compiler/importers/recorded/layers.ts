/** Layers with parameters: how they are named, and how their numbers become the model's weights. */
import { addWeight, call, live, type Live, type Options } from './calls.ts';
import { known, type Known } from './known.ts';
import { claimName, layerNameOf } from './names.ts';
import type { NodeView } from '../onnx/node.ts';

export type Parameters = Readonly<Record<string, Known | undefined>>;

/**
 * Calls a layer whose parameters take these numbers. It is called what its tensors are called: `layer1.0.conv1`
 * for `layer1.0.conv1.weight`; `hint` is the tensor's name in the file.
 */
export function makeLayer(
  node: NodeView,
  method: string,
  x: Live,
  options: Options,
  parameters: Parameters,
  hint: string | undefined,
): Live {
  const { r } = node;
  const name = claimName(r.names, layerNameOf(hint ?? '', node.name, node.op), method);
  const result = call(r, 'f32', method, [x], options, name);
  for (const [key, value] of Object.entries(parameters))
    if (value) addWeight(r, `${name}.${key}`, value.data instanceof Float32Array ? value : asF32(value));
  return result;
}

const asF32 = (value: Known): Known => known('f32', value.shape, value.data, value.source);

/** A layer can have it as a parameter of its own: its numbers are known, and no other layer's. */
export const isFree = (node: NodeView, index: number): boolean => {
  const value = node.inputs[index];
  return value === undefined || (value.kind === 'known' && !node.r.made.has(value.data));
};

export const allFree = (node: NodeView, ...indices: readonly number[]): boolean =>
  indices.every((index) => isFree(node, index));

export const optionalLive = (node: NodeView, index: number): Live | undefined =>
  node.inputs[index] && live(node.r, node.inputs[index]);
