/** Names by meaning: of kernels (`conv2d_3x3_s2_64to128_add_relu`) and of buffers (`layer1_0_conv1`). */
import { bodyNodes, fusionRoot, isFusion, partsOf } from '../ir/fusion.ts';
import { nodeOf, type Graph, type Node, type TensorType, type ValueId } from '../ir/types.ts';
import { factsOf } from '../ops/nodeFacts.ts';

/** The kernel's name without the fused tail. */
const rootName = (node: Node, inputs: readonly TensorType[]): string =>
  factsOf(node).kernelName?.(inputs, node.attrs, node.type) ?? node.op;

export function kernelName(node: Node, inputs: readonly TensorType[]): string {
  if (!isFusion(node)) return rootName(node, inputs);
  const { body } = node.attrs;
  const [root, ...tail] = bodyNodes(body);
  const types = root!.inputs.map((input: ValueId) => nodeOf(body, input).type);
  return [rootName(root!, types), ...tail.map(({ op }) => op)].join('_');
}

/** `layer1.0.conv1 + bn1 + relu`: what the call computes, for comments. */
export function callLabel(node: Node): string {
  return partsOf(node)
    .map((part, i) => (i === 0 ? rootLabel(part) : part.op))
    .join(' + ');
}

function rootLabel({ op, origin: { path, note } }: Node): string {
  if (!note) return path || op;
  // `backward of conv1` and `update of conv1.weight` already name the layer.
  return / of /.test(note) ? `${note}: ${op}` : `${path || op} ${note}`;
}

/**
 * Names of nodes' results, after their layer and their role in it. If a layer has several nodes, the last one gets
 * the layer's name, and the others add their operator's name.
 */
export function valueNames(graph: Graph): (node: Node) => string {
  const keyOf = ({ origin: { path, note } }: Node): string => `${path} ${note ?? ''}`;
  const last = new Map(graph.nodes.map((node) => [keyOf(node), node.id]));
  return (node) => {
    const { path, note } = node.origin;
    const part = note?.startsWith('backward of ')
      ? '.gradient'
      : note?.startsWith('update of ')
        ? '.step'
        : '';
    if (!path) return `${node.op}${part}`;
    const own = last.get(keyOf(node)) === node.id ? '' : `.${fusionRoot(node).op}`;
    return `${path}${own}${part}`;
  };
}
