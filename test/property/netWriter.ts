/**
 * The state of a random network while its layers are written: a graph builder, the parameters and the values so far.
 */
import type { GraphBuilder } from '../../compiler/ir/builder.ts';
import { sameShape, type TensorType, type Update, type ValueId } from '../../compiler/ir/types.ts';
import type { ParameterAttrs } from '../../compiler/ir/leaves.ts';
import { constantAttrs } from '../../compiler/ops/leaves.ts';
import type { Picks } from './picks.ts';

export interface NetWriter {
  readonly g: GraphBuilder;
  /** Batch norms take the batch's statistics and move the running ones. */
  readonly training: boolean;
  /** Images f32[N, C, H, W], the newest last. */
  readonly values: ValueId[];
  readonly updates: Update[];
  /** A new one; or an older one of this shape again, where `shared`. */
  parameter(kind: string, shape: readonly number[], shared?: boolean): ValueId;
  buffer(kind: string, shape: readonly number[]): ValueId;
  number(value: number): ValueId;
  /** One of the values that fit, the newest first; undefined where none does. */
  pickWhere(p: Picks, fits: (shape: readonly number[]) => boolean): ValueId | undefined;
}

export function createNetWriter(g: GraphBuilder, training: boolean): NetWriter {
  const parameters: { readonly kind: string; readonly value: ValueId }[] = [];
  const values: ValueId[] = [];
  const add = (kind: string, shape: readonly number[], role: ParameterAttrs['role']): ValueId => {
    const type: TensorType = { dtype: 'f32', shape };
    const name = `${kind}${parameters.length}`;
    g.origin = { path: name };
    const initializer = { kind: 'constant', value: 0 } as const;
    const value = g.node('parameter', [], { name, type, role, initializer });
    parameters.push({ kind, value });
    return value;
  };
  return {
    g,
    training,
    values,
    updates: [],
    parameter(kind, shape, shared = false) {
      const known = parameters.find((one) => one.kind === kind && sameShape(g.shapeOf(one.value), shape));
      return shared && known ? known.value : add(kind, shape, 'weight');
    },
    buffer: (kind, shape) => add(kind, shape, 'buffer'),
    number: (value) => g.node('constant', [], constantAttrs([], [value])),
    pickWhere(p, fits) {
      const fitting = values.filter((value) => fits(g.shapeOf(value))).reverse();
      return fitting.length === 0 ? undefined : p.of(fitting);
    },
  };
}
