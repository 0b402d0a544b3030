import type { Node, OpName } from '../ir/types.ts';

/** Whether the node has this operator. `isOp(node, concat)` narrows it to `Node<'concat'>`. */
export const isOp = <K extends OpName>(
  node: Node | undefined,
  { name }: { readonly name: K },
): node is Extract<Node, { readonly op: K }> => node?.op === name;
