import type { Graph } from '../ir/types.ts';

/** Graph in, graph out; knows nothing of targets. The header of its file states the postcondition. */
export interface Pass {
  readonly name: string;
  run(graph: Graph): Graph;
}
