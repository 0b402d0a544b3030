/** What a layer is called whose node and weight are called so in an ONNX file. */
import { layerOfTensor } from '../recorded/names.ts';
import type { OnnxNode } from './types.ts';

/** By the weight's name, unless PyTorch made it up; else by the node's; else by the operation. */
export function layerNameOf(weight: string, { name, op }: Pick<OnnxNode, 'name' | 'op'>): string {
  const layer = /^onnx::/.test(weight) ? undefined : layerOfTensor(weight);
  if (layer !== undefined) return layer;
  // PyTorch's: /layer1/conv1/Conv
  const node = name.replace(new RegExp(`/${op}(_\\d+)?$`), '');
  if (node !== '' && !/^[A-Za-z]*[_.]?\d*$/.test(node)) return node;
  return op.toLowerCase();
}
