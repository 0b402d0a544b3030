/** The nodes and constants of a model while it is exported, and the names that are taken. */
import type { Attributes, ElementName, InitializerMessage, NodeMessage, TensorData } from './messages.ts';
import type { Emitter } from './site.ts';

export interface Sheet {
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly InitializerMessage[];
  /** A name that nobody has: `conv1`, then `conv1_2`. */
  claim(name: string): string;
  /** Writes nodes that are called after a layer. */
  emitter(layer: string): Emitter;
  /** Whether a node gives this value. */
  has(value: string): boolean;
  /** Gives the value of a node another name wherever it stands; false where no node gives it. */
  rename(value: string, name: string): boolean;
  copy(value: string, name: string): void;
}

/** Constants of so few numbers are compared, so that equal ones are one. */
const SMALL = 16;

export function createSheet(reserved: readonly string[]): Sheet {
  const nodes: NodeMessage[] = [];
  const initializers: InitializerMessage[] = [];
  const taken = new Set(reserved);
  const known = new Map<string, string>();

  const claim = (name: string): string => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return free;
  };

  const constant = (element: ElementName, shape: readonly number[], data: TensorData): string => {
    const key =
      data.length <= SMALL ? `${element}[${shape.join()}] ${[...data].map(spell).join()}` : undefined;
    const same = key === undefined ? undefined : known.get(key);
    if (same !== undefined) return same;
    const name = claim('constant');
    initializers.push({ name, element, shape, data });
    if (key !== undefined) known.set(key, name);
    return name;
  };

  const emitter = (layer: string): Emitter => {
    const push = (
      op: string,
      inputs: readonly (string | undefined)[],
      attributes: Attributes,
      outputs: (name: string) => string[],
    ) => {
      const name = claim(layer);
      const given = inputs.map((input) => input ?? '');
      while (given.at(-1) === '') given.pop();
      nodes.push({ name, op, inputs: given, outputs: outputs(name), attributes });
      return name;
    };
    return {
      emit: (op, inputs, attributes = {}) => push(op, inputs, attributes, (name) => [name]),
      emitSecond: (op, inputs, attributes = {}) =>
        push(op, inputs, attributes, (name) => [claim(`${name}.first`), name]),
      constant,
    };
  };

  return {
    ...{ nodes, initializers, claim, emitter },
    has: (value) => nodes.some(({ outputs }) => outputs.includes(value)),
    rename(value, name) {
      const at = nodes.findIndex(({ outputs }) => outputs.includes(value));
      if (at < 0) return false;
      const renamed = (names: readonly string[]): string[] =>
        names.map((own) => (own === value ? name : own));
      nodes.forEach((node, i) => {
        if (i < at || ![...node.inputs, ...node.outputs].includes(value)) return;
        nodes[i] = { ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) };
      });
      return true;
    },
    copy: (value, name) =>
      void nodes.push({
        name: claim(`${name}.copy`),
        op: 'Identity',
        inputs: [value],
        outputs: [name],
        attributes: {},
      }),
  };
}

/** `-0` is not `0`. */
const spell = (value: number | bigint): string => (Object.is(value, -0) ? '-0' : String(value));
