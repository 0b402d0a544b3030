/** The inputs of a training graph that hold class numbers: the targets of its cross-entropies. */
import { fusionRoot, rootOperands } from '../ir/fusion.ts';
import { isInput } from '../ir/leaves.ts';
import { nodeOf, type Graph } from '../ir/types.ts';
import { crossEntropy } from '../ops/crossEntropy.ts';
import { isOp } from '../ops/isOp.ts';

export interface LabelInput {
  readonly name: string;
  readonly classes: number;
  /** The label that stands for no class. */
  readonly ignored?: number;
}

export function labelInputs(graph: Graph): readonly LabelInput[] {
  const found = new Map<string, LabelInput>();
  for (const node of graph.nodes) {
    const root = fusionRoot(node);
    if (!isOp(root, crossEntropy)) continue;
    const [logits, target] = rootOperands(node).map((operand) => node.inputs[operand]!);
    const label = nodeOf(graph, target!);
    if (!isInput(label)) continue;
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
