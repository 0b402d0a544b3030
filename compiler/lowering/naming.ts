/**
 * Names by meaning: of kernels (`conv2d_3x3_s2_64to128_add_relu`) and of buffers (`layer1_0_conv1`).
 */
import { bodyNodes, fusionRoot, isFusion, partsOf } from '../ir/fusion.ts';
import { nodeOf, type Graph, type Node, type TensorType, type ValueId } from '../ir/types.ts';
import { factsOf } from '../ops/nodeFacts.ts';

/** What a kernel does, without its fused tail. */
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
  // `backward of conv1` and `update of conv1.weight` name the layer already.
  return / of /.test(note) ? `${note}: ${op}` : `${path || op} ${note}`;
}

/**
 * What nodes' results are called: after their layer and the part they play for it. Where a layer is several
 * nodes, the last one has the layer's name and the others add their own operation's.
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
