/**
 * Runs passes one after the other. The graph is verified after each pass, so the error names the pass that broke it.
 */
import type { Graph } from '../ir/types.ts';
import { verifyGraph } from '../ir/verifier.ts';
import { infer } from '../ops/infer.ts';
import type { Pass } from './types.ts';

export interface PassHooks {
  /** Called with the graph after every pass. */
  readonly after?: (pass: string, graph: Graph) => void;
  /** Runs one stage, a pass by its name or `verifier`, and may measure it. */
  readonly time?: <T>(stage: string, run: () => T) => T;
}

const untimed = <T>(_stage: string, run: () => T): T => run();

export function runPasses(graph: Graph, passes: readonly Pass[], hooks: PassHooks = {}): Graph {
  const { after, time = untimed } = hooks;
  const verified = (made: Graph, by: string): Graph => time('verifier', () => verifyGraph(made, infer, by));
  let current = verified(graph, 'its construction');
  for (const pass of passes) {
    const before = current;
    current = verified(
      time(pass.name, () => pass.run(before)),
      pass.name,
    );
    after?.(pass.name, current);
  }
  return current;
}
