/**
 * A fusion: a root operator and the pointwise tail after it, as one kernel. The body is a graph whose `input` nodes
 * stand for the fusion's operands in order. Its single output is the fusion's value.
 *
 *     conv2d -> add(residual) -> relu     is one fusion with operands x, weight, bias, residual
 */
import { isInput } from './leaves.ts';
import { nodeOf, type Graph, type Node, type ValueId } from './types.ts';

export interface FusionAttrs {
  readonly body: Graph;
}

declare module './types.ts' {
  interface Attrs {
    fusion: FusionAttrs;
  }
}

export const isFusion = (node: Node): node is Node<'fusion'> => node.op === 'fusion';

export const bodyInputs = (body: Graph): readonly Node<'input'>[] => body.nodes.filter(isInput);

/** The nodes that compute, in order: the root first, then its tail. */
export const bodyNodes = (body: Graph): readonly Node[] => body.nodes.filter((node) => !isInput(node));

/** The nodes that a node consists of, in order: a fusion's root and tail, or the node itself. */
export const partsOf = (node: Node): readonly Node[] =>
  isFusion(node) ? bodyNodes(node.attrs.body) : [node];

/** The root of a fusion, or the node itself. */
export const fusionRoot = (node: Node): Node =>
  isFusion(node) ? (bodyNodes(node.attrs.body)[0] ?? nodeOf(node.attrs.body, 0)) : node;

/** The index of the node's operand for each of the root's operands. */
export function rootOperands(node: Node): readonly number[] {
  if (!isFusion(node)) return node.inputs.map((_: ValueId, i: number) => i);
  const outside = bodyInputs(node.attrs.body).map(({ id }) => id);
  return fusionRoot(node).inputs.map((input: ValueId) => outside.indexOf(input));
}
