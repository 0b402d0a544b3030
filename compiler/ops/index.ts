/**
 * The registry: every operation by its name. A missing entry does not compile, because `OpName` holds every
 * name that an operation's file declares.
 */
import type { Attrs, OpName } from '../ir/types.ts';
import { add } from './add.ts';
import { conv2d } from './conv2d.ts';
import { fusion } from './fusion.ts';
import { constant, input, parameter } from './leaves.ts';
import { relu, reluGradient } from './relu.ts';
import type { OpDefinition } from './types.ts';

export const ops: { readonly [K in OpName]: OpDefinition<K> } = {
  add,
  constant,
  conv2d,
  fusion,
  input,
  parameter,
  relu,
  reluGradient,
};

/** The definition for an op that is only known as one of them; its attrs must come from the same node. */
export const definitionOf = <K extends OpName>(op: K): OpDefinition<K> => ops[op] as unknown as OpDefinition<K>;

export const opNames = Object.keys(ops) as (keyof Attrs)[];
