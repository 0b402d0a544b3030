/**
 * Names by meaning: of kernels (`conv2d_3x3_s2_64to128_add_relu`) and of buffers (`layer1_0_conv1`).
 */
import { nodeOf, type Graph, type Node, type TensorType } from '../ir/types.ts';
import { bodyNodes } from '../ops/fusion.ts';
import { fusionRoot } from '../ops/reference.ts';

const size = (extents: readonly number[]): string => extents.join('x');

const strided = (stride: readonly number[]): string =>
  stride.every((s) => s === 1) ? '' : stride[0] === stride[1] ? `_s${stride[0]}` : `_s${size(stride)}`;

const dilated = (dilation: readonly number[]): string =>
  dilation.every((d) => d === 1) ? '' : `_d${dilation[0] === dilation[1] ? dilation[0] : size(dilation)}`;

function convName(weight: readonly number[], attrs: Node<'conv2d'>['attrs'], name = 'conv2d'): string {
  const [outputs, perGroup, height, width] = weight;
  const window = `${height}x${width}${strided(attrs.stride)}${dilated(attrs.dilation)}`;
  const channels = perGroup! * attrs.groups;
  if (attrs.groups > 1 && perGroup === 1)
    return `${name === 'conv2d' ? '' : `${name}_`}depthwise_${window}_${channels}${outputs === channels ? '' : `to${outputs}`}`;
  return `${name}_${window}_${channels}to${outputs}${attrs.groups > 1 ? `_g${attrs.groups}` : ''}`;
}

/** What a kernel does, without its fused tail. */
function rootName(node: Node, inputs: readonly TensorType[]): string {
  switch (node.op) {
    case 'conv2d':
      return convName(inputs[1]!.shape, node.attrs);
    case 'conv2dInputGradient':
      return convName(inputs[1]!.shape, node.attrs, node.op);
    case 'conv2dWeightGradient':
      return convName(node.attrs.weightShape, node.attrs, node.op);
    case 'matmul': {
      const depth = inputs[0]!.shape.at(node.attrs.transposeA ? -2 : -1);
      return `matmul_${size([node.type.shape.at(-2)!, depth!, node.type.shape.at(-1)!])}`;
    }
    case 'linear':
      return `linear_${inputs[1]!.shape[1]}to${inputs[1]!.shape[0]}`;
    case 'maxPool':
    case 'averagePool':
      return `${node.op}_${size(node.attrs.kernel)}${strided(node.attrs.stride)}${dilated(node.attrs.dilation)}_${inputs[0]!.shape[1]}`;
    default:
      return node.op;
  }
}

export function kernelName(node: Node, inputs: readonly TensorType[]): string {
  if (node.op !== 'fusion') return rootName(node, inputs);
  const [root, ...tail] = bodyNodes(node.attrs.body);
  const types = root!.inputs.map((input) => nodeOf((node.attrs as { body: Graph }).body, input).type);
  return [rootName(root!, types), ...tail.map(({ op }) => op)].join('_');
}

/** `layer1.0.conv1 + bn1 + relu`: what the call computes, for comments. */
export function callLabel(node: Node): string {
  const parts = node.op === 'fusion' ? bodyNodes(node.attrs.body) : [node];
  return parts.map((part, i) => (i === 0 ? rootLabel(part) : part.op)).join(' + ');
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
