/** Names layers after the nodes and weights of an ONNX file. */
import { layerOfTensor } from '../recorded/names.ts';
import type { OnnxNode } from './types.ts';

/**
 * Returns the layer's name: from the weight's name unless PyTorch generated that, else from the node's name, else
 * from the operator.
 */
export function layerNameOf(weight: string, { name, op }: Pick<OnnxNode, 'name' | 'op'>): string {
  const layer = /^onnx::/.test(weight) ? undefined : layerOfTensor(weight);
  if (layer !== undefined) return layer;
  // PyTorch's names of nodes: /layer1/conv1/Conv
  const node = name.replace(new RegExp(`/${op}(_\\d+)?$`), '');
  if (node !== '' && !/^[A-Za-z]*[_.]?\d*$/.test(node)) return node;
  return op.toLowerCase();
}
