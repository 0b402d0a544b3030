/** What a package for inference has in its weight file, and what is left to do when it is loaded. */
import type { CanonicalWeights, WeightForm } from '../emit/model.ts';
import type { PackageParameter } from '../emit/parameters.ts';
import type { Graph } from '../ir/types.ts';
import { bake, bakeSmaller, type ParameterData } from '../program/bake.ts';
import type { PlanOptions } from '../program/memoryPlan.ts';
import { stageParameters } from '../program/staging.ts';
import { phaseCalls, type Program } from '../program/types.ts';
import { parametersIn } from './parameters.ts';

export interface PreparedWeights {
  readonly program: Program;
  /** Absent if nothing is left to do. */
  readonly canonical?: CanonicalWeights;
}

type Alignment = Pick<PlanOptions, 'alignment'>;

export function prepareWeights(
  lowered: Program,
  graph: Graph,
  data: ParameterData,
  form: WeightForm,
  target: Alignment,
): PreparedWeights {
  const hasParameters = lowered.buffers.some(({ role }) => role === 'parameter');
  if (form === 'packed' || !hasParameters) return { program: bake(lowered, data) };
  if (form === 'moving') return stage(lowered, parametersIn(graph), data, target);
  const smaller = bakeSmaller(lowered, data);
  if (phaseCalls(smaller.program, 'prepare').length === 0) return { program: bake(lowered, data) };
  return stage(smaller.program, tensorsOf(smaller.program), smaller.data, target);
}

function stage(
  lowered: Program,
  known: readonly PackageParameter[],
  data: ParameterData,
  target: Alignment,
): PreparedWeights {
  const { program, staging } = stageParameters(lowered, data, target);
  const byName = new Map(known.map((one) => [one.name, one]));
  const parameters = staging.reads.flat().map((id) => byName.get(program.buffers[id]!.publicName!)!);
  return { program, canonical: { parameters, data, staging } };
}

/** The tensors of a file whose weights are partly packed. They are flat. */
const tensorsOf = ({ buffers }: Program): PackageParameter[] =>
  buffers
    .filter(({ role }) => role === 'parameter')
    .map(({ publicName, length }) => ({ name: publicName!, shape: [length], role: 'weight' }));
