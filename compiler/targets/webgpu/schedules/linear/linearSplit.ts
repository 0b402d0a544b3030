/**
 * linear for few rows on a GPU. A workgroup computes four outputs of some rows. Its invocations divide the axis of
 * inputs among them and their sums are reduced, so that there are many invocations although there are few results.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, div, eq, fma, lt, min, mul, rem, vector } from '../../../../kernel/expression.ts';
import { INVOCATION, WORKGROUP } from '../../../../kernel/grid.ts';
import { elementIndex, rowMajor } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { loadLanes, sumOfLanes } from '../../../../lowering/shared/lanes.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import { storeAlong } from '../../../../lowering/shared/storeAlong.ts';
import { sumVariables, zeroVectors } from '../../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';

const INVOCATIONS = 64;
const OUTPUTS = 4;
const MOST_ROWS = 4;

/** Undefined if the number of inputs is not a multiple of 4, or too small to divide. */
export function linearSplitSchedule({
  inputs,
  outputLayout,
}: ScheduleRequest<'linear'>): Schedule<'linear'> | undefined {
  const [x, weight] = inputs;
  const [outputs, length] = weight!.shape as [number, number];
  if (x!.shape.length > 2 || length % 4 !== 0 || length < 4 * INVOCATIONS) return undefined;
  const all = x!.shape.length === 2 ? x!.shape[0]! : 1;
  const rows = [4, 3, 2, 1].find((one) => one <= MOST_ROWS && all % one === 0)!;
  const workgroups = (all / rows) * Math.ceil(outputs / OUTPUTS);
  if (workgroups > 65535) return undefined;
  return {
    name: `dot products, ${rows} x ${OUTPUTS} by ${INVOCATIONS} invocations`,
    inputLayouts: inputs.map(({ shape }) => rowMajor(shape)),
    outputLayout,
    build: (site, k) =>
      k.grid('dot products', { workgroups, invocations: INVOCATIONS, shared: [] }, () =>
        buildSplit(site, k, rows),
      ),
  };
}

function buildSplit(site: Site<'linear'>, k: KernelBuilder, rows: number): void {
  const outputs = site.inputs[1]!.type.shape[0]!;
  const blocks = Math.ceil(outputs / OUTPUTS);
  const row = k.let('row', mul(div(WORKGROUP, blocks), rows));
  const output = k.let('output', mul(rem(WORKGROUP, blocks), OUTPUTS));
  const sums = sumOwn(site, k, row, output, rows);
  const totals = sums.map((sum) => k.reduce('total', 'add', sum));
  k.if(eq(INVOCATION, 0), () =>
    totals.forEach((total, r) => storeOutputs(site, k, add(row, r), output, total)),
  );
}

/** The sums of the invocation: for every row four outputs, over the invocation's inputs. */
function sumOwn(site: Site<'linear'>, k: KernelBuilder, row: Expr, output: Expr, rows: number): Expr[] {
  const [x, weight] = site.inputs;
  const [outputs, length] = weight!.type.shape as [number, number];
  const hasRows = x!.type.shape.length > 1;
  const lines = range(rows).map((r) =>
    k.let(`xAt${r}`, elementIndex(x!.place.layout, hasRows ? [add(row, r), 0] : [0])),
  );
  // For outputs beyond the last one, the last one is computed again.
  const filters = range(OUTPUTS).map((o) =>
    k.let(
      `wAt${o}`,
      mul(outputs % OUTPUTS === 0 ? add(output, o) : min(add(output, o), outputs - 1), length),
    ),
  );
  const sums = sumVariables(k, rows, zeroVectors(OUTPUTS), '_');
  k.for(
    'i',
    mul(INVOCATION, 4),
    length,
    (i) => {
      const xs = lines.map((line, r) => k.let(`x${r}`, k.load(x!.place.buffer, add(line, i), 'f32x4')));
      filters.forEach((filter, o) => {
        const w = k.let(`w${o}`, k.load(weight!.place.buffer, add(filter, i), 'f32x4'));
        xs.forEach((value, r) => k.assign(sums[r]![o]!, fma(value, w, sums[r]![o]!)));
      });
    },
    { step: 4 * INVOCATIONS },
  );
  return sums.map((line) => {
    const [a, b, c, d] = line.map((sum) => sumOfLanes(k, sum)) as [Expr, Expr, Expr, Expr];
    return vector(a, b, c, d);
  });
}

function storeOutputs(site: Site<'linear'>, k: KernelBuilder, row: Expr, output: Expr, total: Expr): void {
  const bias = site.inputs[2];
  const [outputs] = site.inputs[1]!.type.shape as [number];
  const rest = outputs % OUTPUTS;
  const store = (count: number): void => {
    const first = bias && k.let('bias', loadLanes(k, bias.place.buffer, output, count));
    const index = site.output.type.shape.length > 1 ? [row, output] : [output];
    storeAlong(k, site.output, index, first ? add(total, first) : total, count);
  };
  if (rest === 0) return store(OUTPUTS);
  k.if(
    lt(output, outputs - rest),
    () => store(OUTPUTS),
    () => store(rest),
  );
}
