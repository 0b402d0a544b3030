/**
 * `reduce` in WGSL: functions that make one value of those of a workgroup's invocations, the same one in each of them and
 * the same one in every run. Without subgroups by a tree in the workgroup's memory. With them, in two steps: a subgroup's
 * values by its own instruction, then what the subgroups have found.
 *
 * WGSL says neither how large a subgroup is nor which invocations make one, so nothing here counts on it: a subgroup's
 * result stands at the place of one of its invocations, whichever that is, and the second step goes over all places. So
 * the last subgroup may be a part of one, and invocations that leave a loop before others may add theirs by themselves.
 *
 * The result leaves through `workgroupUniformLoad`: barriers on both sides keep the next reduction out, and conditions on
 * the result are uniform for WGSL, so that barriers may stand under them.
 */
import type { ReducedType, ReduceOp } from '../../kernel/types.ts';

export interface Reduction {
  readonly op: ReduceOp;
  readonly type: ReducedType;
}

const NAMES: Readonly<Record<ReduceOp, string>> = { add: 'Sum', max: 'Max', min: 'Min' };

export const reductionName = ({ op, type }: Reduction): string =>
  `workgroup${NAMES[op]}${type === 'f32x4' ? 'Vec4' : ''}`;

/** What a function for a type declares outside of it. */
const MEMORY = {
  f32: { wgsl: 'f32', zero: '0.0', partials: 'workgroupPartials', total: 'workgroupTotal' },
  f32x4: { wgsl: 'vec4f', zero: 'vec4f()', partials: 'workgroupPartialsVec4', total: 'workgroupTotalVec4' },
} as const;

/** Everything that shaders with reductions declare; for the names that nothing else may have. */
export const REDUCTION_NAMES: readonly string[] = (['f32', 'f32x4'] as const).flatMap((type) => [
  ...(['add', 'max', 'min'] as const).map((op) => reductionName({ op, type })),
  ...[MEMORY[type].partials, MEMORY[type].total],
]);

const TYPES = ['f32', 'f32x4'] as const;

/** The text for a workgroup of so many invocations, in the order of first use; memory first. */
export function reductionText(
  used: readonly Reduction[],
  invocations: number,
  withSubgroups: boolean,
): string[] {
  const functions = new Map(used.map((one) => [reductionName(one), one]));
  const types = TYPES.filter((type) => used.some((one) => one.type === type));
  const memory = types.flatMap((type) => {
    const { wgsl, partials, total } = MEMORY[type];
    return [
      `var<workgroup> ${partials}: array<${wgsl}, ${invocations}>;`,
      ...(withSubgroups ? [`var<workgroup> ${total}: ${wgsl};`] : []),
    ];
  });
  const print = withSubgroups ? bySubgroups : asTree;
  return [...memory, '', ...[...functions.values()].flatMap((one) => [print(one, invocations), ''])];
}

const describe = ({ op }: Reduction, invocations: number): string =>
  `The ${{ add: 'sum', max: 'largest', min: 'smallest' }[op]} of the values of ${invocations} invocations, in each of them`;

const combined = (op: ReduceOp, a: string, b: string): string =>
  op === 'add' ? `${a} + ${b}` : `${op}(${a}, ${b})`;

/** The upper half of what is left meets the lower one; the middle one of an odd number waits. */
function asTree(one: Reduction, invocations: number): string {
  const { wgsl, partials } = MEMORY[one.type];
  const [own, other] = [`${partials}[invocation]`, `${partials}[invocation + half]`];
  return `/** ${describe(one, invocations)}: half of what is left meets the other half. */
fn ${reductionName(one)}(value: ${wgsl}, invocation: i32) -> ${wgsl} {
  ${own} = value;
  workgroupBarrier();
  for (var left = ${invocations}; left > 1; left = (left + 1) / 2) {
    let half = (left + 1) / 2;
    if (invocation + half < left) {
      ${own} = ${combined(one.op, own, other)};
    }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&${partials}[0]);
}`;
}

/**
 * A sum may count every subgroup once only: it stands at the place of one invocation, with zeros at the others'. An
 * extreme may stand at all of them, and be met again where places are no multiple of the lanes. Every subgroup does the
 * second step, so that its instructions are reached by all, but one result is everybody's: with other lanes the order of
 * a sum is another.
 */
function bySubgroups(one: Reduction, invocations: number): string {
  const { wgsl, zero, partials, total } = MEMORY[one.type];
  const isSum = one.op === 'add';
  const reduce = `subgroup${NAMES[one.op] === 'Sum' ? 'Add' : NAMES[one.op]}`;
  const last = `${partials}[min(first + lane, ${invocations - 1})]`;
  const next = isSum ? `select(${zero}, ${last}, first + lane < ${invocations})` : last;
  return `/** ${describe(one, invocations)}: subgroups by themselves, then what they have found. */
fn ${reductionName(one)}(value: ${wgsl}, invocation: i32) -> ${wgsl} {
  let own = ${reduce}(value);
  ${partials}[invocation] = ${isSum ? `select(${zero}, own, subgroupElect())` : 'own'};
  workgroupBarrier();
  let lanes = subgroupAdd(1);
  let lane = subgroupExclusiveAdd(1);
  var all = ${isSum ? zero : 'own'};
  for (var first = 0; first < ${invocations}; first += lanes) {
    all = ${combined(one.op, 'all', next)};
  }
  all = ${reduce}(all);
  if (invocation == 0) {
    ${total} = all;
  }
  return workgroupUniformLoad(&${total});
}`;
}
