/** The parameters of a graph as a package lists them, in the model's order. */
import type { PackageParameter } from '../emit/parameters.ts';
import { isParameter } from '../ir/leaves.ts';
import type { Graph } from '../ir/types.ts';

export const parametersIn = (graph: Graph): PackageParameter[] =>
  graph.nodes
    .filter(isParameter)
    .map(({ attrs }) => ({ name: attrs.name, shape: attrs.type.shape, role: attrs.role }));
