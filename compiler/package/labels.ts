/** Which inputs of a training graph hold class numbers: those that a cross-entropy compares with. */
import { nodeOf, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { bodyInputs } from '../ops/fusion.ts';
import { fusionRoot } from '../ops/reference.ts';

export interface LabelInput {
  readonly name: string;
  readonly classes: number;
  /** The label that counts as none. */
  readonly ignored?: number;
}

export function labelInputs(graph: Graph): readonly LabelInput[] {
  const found = new Map<string, LabelInput>();
  for (const node of graph.nodes) {
    const root = fusionRoot(node);
    if (root.op !== 'crossEntropy') continue;
    const [logits, target] = root.inputs.map((input) => outsideOf(node, input));
    const label = nodeOf(graph, target!);
    if (label.op !== 'input') continue;
    const classes = nodeOf(graph, logits!).type.shape[1]!;
    const ignored = root.attrs.ignoreIndex ?? undefined;
    found.set(label.attrs.name, {
      name: label.attrs.name,
      classes,
      ...(ignored !== undefined && { ignored }),
    });
  }
  return [...found.values()];
}

/** The graph's value behind an operand of a fusion's root. */
function outsideOf(node: Node, input: ValueId): ValueId {
  if (node.op !== 'fusion') return input;
  const position = bodyInputs(node.attrs.body).findIndex(({ id }) => id === input);
  return node.inputs[position]!;
}
