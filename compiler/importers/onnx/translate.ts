/**
 * Translates an ONNX graph into calls, node by node. Everything that is not supported is found first and listed in
 * one error.
 */
import { fail, plural } from '../../diagnostics/diagnostic.ts';
import { refuse, type Recorder, type Value } from '../recorded/calls.ts';
import { shown } from '../recorded/names.ts';
import { viewNode } from './node.ts';
import { translationOf } from './ops/index.ts';
import type { OnnxGraph, OnnxModel, OnnxNode } from './types.ts';

/** The oldest operator set that is read, and the newest that has been checked. */
const [OLDEST, NEWEST] = [7, 24];

export function checkSupported({ graph, opsets }: OnnxModel, file: string): void {
  const version = opsets.get('') ?? 1;
  if (graph.nodes.some(({ domain }) => domain === '') && version < OLDEST) {
    fail(
      'CNNC3011',
      'onnx',
      { file },
      `the model uses operator set ${version}, supported are ${OLDEST} to ${NEWEST}`,
    );
  }
  const missing = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes) {
    if (translationOf(node.domain, node.op)) continue;
    const name = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
    missing.set(name, [...(missing.get(name) ?? []), node]);
  }
  if (missing.size === 0) return;
  const count = [...missing.values()].reduce((sum, nodes) => sum + nodes.length, 0);
  const lines = [...missing].map(([op, nodes]) => `${shown(op)}, ${nodes.length}: ${someNames(nodes)}`);
  fail(
    'CNNC3012',
    'onnx',
    { file },
    `the model uses ${plural(missing.size, 'operator')} that cnnc does not support, in ${plural(count, 'node')}`,
    lines,
  );
}

const NAMES = 8;

function someNames(nodes: readonly OnnxNode[]): string {
  const names = nodes.slice(0, NAMES).map((node) => shown(nameOf(node)));
  return nodes.length > NAMES ? `${names.join(', ')} and ${nodes.length - NAMES} more` : names.join(', ');
}

const nameOf = (node: OnnxNode): string => node.name || node.outputs.find((name) => name !== '') || node.op;

/**
 * Translates the graph and returns the values of its outputs, in order. `given` has the values of inputs and
 * initializers.
 */
export function translate(
  r: Recorder,
  { graph, opsets }: OnnxModel,
  given: ReadonlyMap<string, Value>,
): Value[] {
  const values = new Map(given);
  const opset = (domain: string): number => opsets.get(domain) ?? opsets.get('') ?? OLDEST;
  for (const node of graph.nodes) translateNode(r, node, opset(node.domain), values);
  r.node = 'outputs';
  return graph.outputs.map(
    ({ name }) => values.get(name) ?? refuse(r, 'CNNC3015', `no node computes ${shown(name)}`),
  );
}

function translateNode(r: Recorder, node: OnnxNode, opset: number, values: Map<string, Value>): void {
  r.node = `${node.op} ${shown(nameOf(node))}`;
  const operands = node.inputs.map((name) => {
    if (name === '') return undefined;
    return (
      values.get(name) ?? refuse(r, 'CNNC3015', `it reads ${shown(name)}, but no earlier node computes it`)
    );
  });
  while (operands.length > 0 && operands.at(-1) === undefined) operands.pop();
  const made = translationOf(node.domain, node.op)!(viewNode(r, node, opset, operands));
  const results: readonly Value[] = 'kind' in made ? [made] : made;
  node.outputs.forEach((name, i) => {
    if (name === '') return;
    if (values.has(name)) refuse(r, 'CNNC3015', `it computes ${shown(name)}, which exists already`);
    // An output that was not made has no value. A node that reads it is refused.
    const result = results[i];
    if (result) values.set(name, result);
  });
}

export const inputsOf = (graph: OnnxGraph): OnnxGraph['inputs'] => {
  const given = new Set(graph.initializers.map(({ name }) => name));
  return graph.inputs.filter(({ name }) => !given.has(name));
};
