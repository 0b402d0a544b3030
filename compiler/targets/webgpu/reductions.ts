/**
 * `reduce` in WGSL: functions that combine one value of each invocation in a workgroup. All invocations get the same
 * result, and every run gives the same bits. Without subgroups the values are combined by a tree in the workgroup's
 * memory. With subgroups there are two steps: each subgroup combines its values by an instruction, then the subgroups'
 * results are combined.
 *
 * WGSL defines neither the size of a subgroup nor which invocations belong to it, so nothing here depends on that. A
 * subgroup stores its result at the place of any one of its invocations, and the second step reads all places. The last
 * subgroup may be smaller, and invocations that leave a loop earlier than others may contribute alone.
 *
 * The result is returned by `workgroupUniformLoad`. Its barriers keep the next reduction from starting too early, and
 * WGSL treats conditions on the result as uniform, so that barriers are allowed under them.
 */
import type { ReducedType, ReduceOp } from '../../kernel/types.ts';

export interface Reduction {
  readonly op: ReduceOp;
  readonly type: ReducedType;
}

const NAMES: Readonly<Record<ReduceOp, string>> = { add: 'Sum', max: 'Max', min: 'Min' };

export const reductionName = ({ op, type }: Reduction): string =>
  `workgroup${NAMES[op]}${type === 'f32x4' ? 'Vec4' : ''}`;

/** The variables in the workgroup's memory that the functions for a type need. */
const MEMORY = {
  f32: { wgsl: 'f32', zero: '0.0', partials: 'workgroupPartials', total: 'workgroupTotal' },
  f32x4: { wgsl: 'vec4f', zero: 'vec4f()', partials: 'workgroupPartialsVec4', total: 'workgroupTotalVec4' },
} as const;

/** All names that shaders with reductions declare. Nothing else may use them. */
export const REDUCTION_NAMES: readonly string[] = (['f32', 'f32x4'] as const).flatMap((type) => [
  ...(['add', 'max', 'min'] as const).map((op) => reductionName({ op, type })),
  ...[MEMORY[type].partials, MEMORY[type].total],
]);

const TYPES = ['f32', 'f32x4'] as const;

/** The text for a workgroup of so many invocations: memory, then functions in the order of their first use. */
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
  `Returns the ${{ add: 'sum', max: 'largest', min: 'smallest' }[op]} of the values of ${invocations} invocations to each of them`;

const combined = (op: ReduceOp, a: string, b: string): string =>
  op === 'add' ? `${a} + ${b}` : `${op}(${a}, ${b})`;

/** A tree: each round combines the upper half with the lower half. If their number is odd, the middle value is kept. */
function asTree(one: Reduction, invocations: number): string {
  const { wgsl, partials } = MEMORY[one.type];
  const [own, other] = [`${partials}[invocation]`, `${partials}[invocation + half]`];
  return `/** ${describe(one, invocations)}: in each round one half of the partial results is combined with the other. */
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
 * A sum must count every subgroup once: its result is stored at the place of one invocation, with zeros at the others.
 * A maximum or minimum may be stored at all places and read more than once. All subgroups run the second step, because
 * all invocations must reach its instructions. But only one result is used by all, because subgroups of another size
 * would sum in another order.
 */
function bySubgroups(one: Reduction, invocations: number): string {
  const { wgsl, zero, partials, total } = MEMORY[one.type];
  const isSum = one.op === 'add';
  const reduce = `subgroup${NAMES[one.op] === 'Sum' ? 'Add' : NAMES[one.op]}`;
  const last = `${partials}[min(first + lane, ${invocations - 1})]`;
  const next = isSum ? `select(${zero}, ${last}, first + lane < ${invocations})` : last;
  return `/** ${describe(one, invocations)}: first within subgroups, then over the results of the subgroups. */
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
