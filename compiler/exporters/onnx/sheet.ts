/** The nodes and constants of a model during export, and the names in use. */
import type { OnnxEmitter } from '../../ops/shared/onnx.ts';
import { createConstants } from './constants.ts';
import { createEmitter, type NodeSink } from './emitter.ts';
import type { InitializerMessage, NodeMessage } from './messages.ts';
import { createNames, type ClaimName } from './names.ts';

export interface Sheet {
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly InitializerMessage[];
  readonly claim: ClaimName;
  /** Returns an emitter whose nodes are named after a layer. */
  emitter(layer: string): OnnxEmitter;
  /** Whether a node computes this value. */
  has(value: string): boolean;
  /** Renames the value of a node everywhere. Returns false if no node computes it. */
  rename(value: string, name: string): boolean;
  copy(value: string, name: string): void;
}

export function createSheet(reserved: readonly string[]): Sheet {
  const nodes: NodeMessage[] = [];
  const claim = createNames(reserved);
  const { initializers, constant } = createConstants(claim);
  return {
    ...{ nodes, initializers, claim },
    emitter: (layer) => createEmitter({ node: nodeAppender(nodes, claim, layer), constant }),
    has: (value) => nodes.some(({ outputs }) => outputs.includes(value)),
    rename: (value, name) => renameValue(nodes, value, name),
    copy(value, name) {
      const node = claim(`${name}.copy`);
      nodes.push({ name: node, op: 'Identity', inputs: [value], outputs: [name], attributes: {} });
    },
  };
}

function nodeAppender(nodes: NodeMessage[], claim: ClaimName, layer: string): NodeSink['node'] {
  return (op, operands, attributes, result) => {
    const name = claim(layer);
    const inputs = operands.map((operand) => operand ?? '');
    while (inputs.at(-1) === '') inputs.pop();
    const outputs = result === 0 ? [name] : [claim(`${name}.first`), name];
    nodes.push({ name, op, inputs, outputs, attributes });
    return name;
  };
}

function renameValue(nodes: NodeMessage[], value: string, name: string): boolean {
  const at = nodes.findIndex(({ outputs }) => outputs.includes(value));
  if (at < 0) return false;
  const renamed = (names: readonly string[]): string[] => names.map((own) => (own === value ? name : own));
  nodes.forEach((node, i) => {
    if (i < at || ![...node.inputs, ...node.outputs].includes(value)) return;
    nodes[i] = { ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) };
  });
  return true;
}
