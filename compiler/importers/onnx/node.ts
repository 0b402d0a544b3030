/** A node as its translation sees it: attributes and operands, with checks. */
import type { ErrorCode } from '../../diagnostics/codes.ts';
import { sizeOf } from '../../ir/types.ts';
import { live, refuse, shapeOf, type Live, type Recorder, type Value } from '../recorded/calls.ts';
import type { Known } from '../recorded/known.ts';
import type { LayerSite } from '../recorded/layers.ts';
import { layerNameOf } from './layerName.ts';
import type { OnnxAttribute, OnnxNode } from './types.ts';

export interface NodeView extends LayerSite {
  readonly op: string;
  readonly name: string;
  /** The version of the node's operator set. */
  readonly opset: number;
  /** Whether this output has a name, so that another node may read it. */
  hasOutput(index: number): boolean;
  readonly outputs: readonly string[];
  has(attribute: string): boolean;
  int(attribute: string, fallback?: number): number;
  float(attribute: string, fallback?: number): number;
  text(attribute: string, fallback?: string): string;
  ints(attribute: string): readonly number[] | undefined;
  floats(attribute: string): readonly number[] | undefined;
  /** Returns an attribute of any kind; undefined if the node has none of this name. */
  attribute(name: string): OnnxAttribute | undefined;
  /** Returns a required operand. */
  value(index: number): Value;
  live(index: number): Live;
  /** Returns an operand whose numbers must be known at import. */
  known(index: number, what: string): Known;
  /** Returns the whole numbers of an operand that must be known at import; undefined if the operand is left out. */
  knownInts(index: number, what: string): readonly number[] | undefined;
  refuse(code: ErrorCode, found: string): never;
}

export function viewNode(
  r: Recorder,
  node: OnnxNode,
  opset: number,
  inputs: readonly (Value | undefined)[],
): NodeView {
  const { attributes } = node;
  const fail = (code: ErrorCode, found: string): never => refuse(r, code, found);
  const read = <K extends OnnxAttribute['kind']>(name: string, kind: K) => {
    const attribute = attributes.get(name);
    if (attribute && attribute.kind !== kind)
      fail('CNNC3015', `the attribute ${name} is of kind ${attribute.kind}, expected ${kind}`);
    return attribute as Extract<OnnxAttribute, { kind: K }> | undefined;
  };
  const needed = <T>(name: string, value: T | undefined, fallback: T | undefined): T =>
    value ?? fallback ?? fail('CNNC3015', `the attribute ${name} is missing`);
  const view: NodeView = {
    r,
    op: node.op,
    name: node.name,
    opset,
    inputs,
    layerName: (weight = '') => layerNameOf(weight, node),
    hasOutput: (index) => Boolean(node.outputs[index]),
    outputs: node.outputs,
    has: (name) => attributes.has(name),
    int: (name, fallback) => needed(name, read(name, 'int')?.value, fallback),
    float: (name, fallback) => needed(name, read(name, 'float')?.value, fallback),
    text: (name, fallback) => needed(name, read(name, 'string')?.value, fallback),
    ints: (name) => read(name, 'ints')?.value,
    floats: (name) => read(name, 'floats')?.value,
    attribute: (name) => attributes.get(name),
    value: (index) => inputs[index] ?? fail('CNNC3015', `operand ${index} is missing`),
    live: (index) => live(r, view.value(index)),
    known: (index, what) => {
      const value = view.value(index);
      return value.kind === 'known'
        ? value
        : fail(
            'CNNC3017',
            `its ${what} is computed from the input of the model, but it must be known at import`,
          );
    },
    knownInts: (index, what) => {
      if (!inputs[index]) return undefined;
      const { data, shape } = view.known(index, what);
      if (sizeOf(shape) > 64 || !data.every((number) => Number.isInteger(number)))
        fail('CNNC3015', `its ${what} is not a list of whole numbers`);
      return [...data];
    },
    refuse: fail,
  };
  return view;
}

/** Returns the axis counted from the front. Where an axis is inserted, `rank` is one more than the input's. */
export function axisOf(node: NodeView, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    node.refuse('CNNC3015', `the axis ${axis} does not fit rank ${rank}`);
  return axis < 0 ? axis + rank : axis;
}

export const rankOf = (value: Value): number => shapeOf(value).length;

/** The number of a value that is one known number; else undefined. */
export const knownScalar = (value: Value | undefined): number | undefined =>
  value?.kind === 'known' && value.data.length === 1 ? value.data[0] : undefined;
