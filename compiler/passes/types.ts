import type { Graph } from '../ir/types.ts';

/** A pass from graph to graph, which does not depend on a target. The header of its file states the postcondition. */
export interface Pass {
  readonly name: string;
  run(graph: Graph): Graph;
}
