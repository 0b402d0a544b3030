/** A table with a row for each layer of the model as it was written: shape, parameters, work, receptive field. */
import { isLearned } from '../ir/leaves.ts';
import { nodeOf, sizeOf, type Graph, type Node, type OpName, type ValueId } from '../ir/types.ts';
import { nodeCost } from '../ops/cost.ts';
import { factsOf, isPointwise, isReshape } from '../ops/nodeFacts.ts';
import { receptiveFields } from '../ops/receptiveField.ts';

export interface LayerRow {
  /** `layer1.0.conv1`, or the operator's name if the layer has none. */
  readonly layer: string;
  readonly op: OpName;
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** The number of learned parameters. */
  readonly parameters: number;
  readonly multiplyAdds: number;
  /** Rows and columns of the input that an element depends on. Absent if they cannot be stated as a window. */
  readonly receptiveField?: readonly [rows: number, columns: number];
}

/** The rows of a graph before the passes. Pointwise operators have no row. */
export function layerTable(graph: Graph): LayerRow[] {
  const fields = receptiveFields(graph);
  return graph.nodes.filter(isLayer).map((node): LayerRow => {
    const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
    const size = fields.get(node.id)?.size;
    return {
      layer: node.origin.path || node.op,
      op: node.op,
      shape: node.type.shape,
      parameters: parametersOf(graph, node),
      multiplyAdds: nodeCost(node, types).multiplyAdds,
      ...(size && { receptiveField: [Math.round(size[0]), Math.round(size[1])] as const }),
    };
  });
}

const isLayer = (node: Node): boolean => !isPointwise(node) && !factsOf(node).structural && !isReshape(node);

function parametersOf(graph: Graph, node: Node): number {
  const own = [...new Set<ValueId>(node.inputs)].map((input) => nodeOf(graph, input));
  return own.filter(isLearned).reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
}
