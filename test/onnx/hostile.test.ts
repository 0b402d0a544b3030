/**
 * Hostile and broken ONNX files. Each is a `Diagnostic`, or a correct and harmless model. Nothing else may be thrown,
 * and memory must not grow beyond what the file contains.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { buildGraph } from '../../compiler/frontend/buildGraph.ts';
import { printModelFile } from '../../compiler/importers/recorded/print.ts';
import { createFolders } from '../support/folders.ts';
import { encodeModel, tensor, type ModelSpec, type NodeSpec } from './encode.ts';
import { importBytes, runBatch, RUNNERS } from './support.ts';

const conv: NodeSpec = { op: 'Conv', name: 'conv', inputs: ['x', 'w'], outputs: ['c'] };
const weights = { name: 'w', dims: [2, 1, 3, 3], floats: Array.from({ length: 18 }, (_, i) => i / 18) };

const small: ModelSpec = {
  nodes: [conv, { op: 'Relu', name: 'relu', inputs: ['c'], outputs: ['y'] }],
  inputs: [{ name: 'x', shape: [1, 1, 5, 5] }],
  outputs: [{ name: 'y', shape: [] }],
  initializers: [weights],
};

const one = (node: NodeSpec, rest: Partial<ModelSpec> = {}): ModelSpec => ({
  ...small,
  nodes: [node],
  ...rest,
});

function diagnosis(spec: ModelSpec | Uint8Array, options: Parameters<typeof importBytes>[1] = {}): string {
  try {
    const bytes = spec instanceof Uint8Array ? spec : encodeModel(spec);
    buildGraph(importBytes(bytes, { name: 'm', ...options }).model, { training: false });
  } catch (error) {
    if (error instanceof Diagnostic) return error.message;
    throw error;
  }
  return 'none';
}

describe('what is wrong with the graph', () => {
  it('lists everything that is not supported at once', () => {
    const spec: ModelSpec = {
      ...small,
      nodes: [
        { op: 'Loop', name: 'first', inputs: ['x'], outputs: ['a'] },
        { op: 'Loop', inputs: ['a'], outputs: ['b'] },
        { op: 'MyOp', name: 'own', domain: 'com.example', inputs: ['b'], outputs: ['y'] },
        { op: 'toString', name: 'odd', inputs: ['b'], outputs: ['z'] },
      ],
    };
    expect(diagnosis(spec)).toBe(
      [
        'onnx (m): the model uses 3 operators that cnnc does not support, in 4 nodes',
        '  Loop, 2: first, b',
        '  com.example.MyOp, 1: own',
        '  toString, 1: odd',
      ].join('\n'),
    );
  });

  it.each<[string, ModelSpec, RegExp]>([
    [
      'a cycle',
      {
        ...small,
        nodes: [
          { op: 'Add', name: 'a', inputs: ['x', 'q'], outputs: ['p'] },
          { op: 'Relu', name: 'b', inputs: ['p'], outputs: ['q'] },
        ],
        outputs: [{ name: 'q', shape: [] }],
      },
      /Add a .*reads q, but no earlier node computes it/,
    ],
    [
      'a missing initializer',
      { ...small, initializers: [] },
      /Conv conv .*reads w, but no earlier node computes it/,
    ],
    ['a missing output', { ...small, outputs: [{ name: 'gone', shape: [] }] }, /no node computes gone/],
    [
      'a name made twice',
      { ...small, nodes: [conv, { ...conv, name: 'again' }] },
      /computes c, which exists already/,
    ],
    [
      'a wrong rank',
      { ...small, inputs: [{ name: 'x', shape: [1, 25] }] },
      /input has rank 2, its weight rank 4/,
    ],
    [
      'wrong channels',
      { ...small, inputs: [{ name: 'x', shape: [1, 3, 5, 5] }] },
      /3 channels, the weight expects 1/,
    ],
    ['no outputs', { ...small, outputs: [] }, /the graph has no outputs/],
    ['a missing operand', one({ op: 'Relu', inputs: [], outputs: ['y'] }), /operand 0 is missing/],
    ['an old operator set', { ...small, opset: 6 }, /operator set 6, supported are 7 to/],
    ['an open extent', { ...small, inputs: [{ name: 'x', shape: ['n', 1, 'h', 5] }] }, /--input x=nx1xhx5/],
    [
      'an attribute of another kind',
      one({ op: 'Softmax', inputs: ['x'], outputs: ['y'], attributes: { axis: 'one' } }),
      /attribute axis is of kind string, expected int/,
    ],
    [
      'a shape that depends on the input',
      one({ op: 'Reshape', inputs: ['x', 'x'], outputs: ['y'] }),
      /its shape is computed from the input of the model/,
    ],
    [
      'numbers that do not fill the shape',
      { ...small, initializers: [{ ...weights, dims: [2, 1, 3, 4] }] },
      /has 18 numbers, its shape \[2,1,3,4\] needs 24/,
    ],
    [
      'an element type that does not exist',
      { ...small, initializers: [{ ...weights, type: 99 }] },
      /element type 99/,
    ],
  ])('%s', (_, spec, expected) => expect(diagnosis(spec)).toMatch(expected));
});

describe('sizes', () => {
  const huge = 2 ** 40;
  it.each<[string, ModelSpec]>([
    ['an initializer', { ...small, initializers: [{ name: 'w', dims: [huge], floats: [1] }] }],
    [
      'an input',
      one({ op: 'Relu', inputs: ['x'], outputs: ['y'] }, { inputs: [{ name: 'x', shape: [1, huge] }] }),
    ],
    ['a negative extent', { ...small, initializers: [{ name: 'w', dims: [-1, -4], floats: [1] }] }],
    [
      'ConstantOfShape',
      one(
        { op: 'ConstantOfShape', inputs: ['w'], outputs: ['y'] },
        { initializers: [{ name: 'w', dims: [2], type: 7, ints: [2 ** 20, 2 ** 20] }] },
      ),
    ],
    [
      'Expand',
      one(
        { op: 'Expand', inputs: ['x', 'w'], outputs: ['y'] },
        { initializers: [{ name: 'w', dims: [5], type: 7, ints: [huge, 1, 1, 1, 1] }] },
      ),
    ],
    [
      'Tile of a constant',
      one(
        { op: 'Tile', inputs: ['k', 'w'], outputs: ['y'] },
        {
          initializers: [
            { name: 'w', dims: [1], type: 7, ints: [huge] },
            { name: 'k', dims: [1], floats: [1] },
          ],
        },
      ),
    ],
    [
      'Range',
      one(
        { op: 'Range', inputs: ['a', 'b', 'c'], outputs: ['y'] },
        {
          initializers: [0, huge, 1].map((value, i) => ({
            name: 'abc'[i]!,
            dims: [],
            type: 7,
            ints: [value],
          })),
        },
      ),
    ],
    [
      'pads',
      one({ op: 'Pad', inputs: ['x'], outputs: ['y'], attributes: { pads: [huge, 0, 0, 0, 0, 0, 0, 0] } }),
    ],
    ['groups', one({ ...conv, outputs: ['y'], attributes: { group: huge } })],
    ['a stride of 0', one({ ...conv, outputs: ['y'], attributes: { strides: [0, 0] } })],
    [
      'windows of a pool',
      one({
        op: 'MaxPool',
        inputs: ['x'],
        outputs: ['y'],
        attributes: { kernel_shape: [2, 2], pads: [huge, 0, huge, 0] },
      }),
    ],
    [
      'a pool',
      one({
        op: 'MaxPool',
        inputs: ['x'],
        outputs: ['y'],
        attributes: { kernel_shape: [huge, 2], pads: [huge, 0, huge, 0] },
      }),
    ],
    ['a dilation', one({ ...conv, outputs: ['y'], attributes: { dilations: [huge, 1] } })],
    ['split', one({ op: 'Split', inputs: ['x'], outputs: ['y'], attributes: { num_outputs: huge } })],
  ])('%s of 2^40 or worse', (_, spec) => {
    const before = process.memoryUsage().rss;
    expect(diagnosis(spec)).not.toBe('none');
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
  });
});

it('constants that double from node to node', () => {
  const nodes = Array.from({ length: 40 }, (_, i): NodeSpec => {
    const from = i === 0 ? 'w' : `d${i - 1}`;
    return { op: 'Concat', inputs: [from, from], outputs: [`d${i}`], attributes: { axis: 0 } };
  });
  const spec = { ...small, nodes, outputs: [{ name: 'd39', shape: [] }] };
  expect(diagnosis(spec)).toMatch(/too large|more than 2 GiB/);
});

describe('bytes', () => {
  const whole = encodeModel(small);

  it('every prefix of a file is a diagnosis', () => {
    for (let length = 0; length < whole.length; length++) {
      const found = diagnosis(whole.subarray(0, length));
      // The operator sets stand last: without them the rest is a model of an old version.
      expect(found, `${length} bytes`).toMatch(/^onnx/);
    }
    expect(diagnosis(whole)).toBe('none');
  });

  it('every byte turned over is a diagnosis or a model', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [0x01, 0x80, 0xff])
        diagnosis(whole.map((byte, i) => (i === at ? byte ^ flip : byte)));
    }
  });

  it('messages in messages without end', () => {
    let bytes = new Uint8Array();
    for (let i = 0; i < 5000; i++) {
      const header = new Uint8Array([0x3a, ...varint(bytes.length)]);
      const longer = new Uint8Array(header.length + bytes.length);
      longer.set(header);
      longer.set(bytes, header.length);
      bytes = longer;
    }
    expect(diagnosis(bytes)).toMatch(/^onnx/);
  });

  it('something else altogether', () => {
    expect(diagnosis(new TextEncoder().encode('<!doctype html><title>404</title>'))).toMatch(
      /this is not an ONNX file, or it is truncated/,
    );
  });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

describe('names', () => {
  const names = [
    '"; process.exit(1); "',
    "'); throw 1; ('",
    '*/ throw 1; /*',
    '`${process.exit(1)}`',
    'a\nb\r\u2028c',
    '__proto__',
    'constructor',
    'häßlich/图',
    '../../etc/passwd',
    '0',
    'x'.repeat(10_000),
    '\u0000\u001b[2J',
    'seed',
  ];

  it.each(names.map((name, i) => [i, name] as const))('number %i everywhere', (_, name) => {
    const spec: ModelSpec = {
      nodes: [
        { op: 'Conv', name, inputs: [name, `${name}.weight`], outputs: [`${name}:c`] },
        { op: 'Add', name: `${name}2`, inputs: [`${name}:c`, `${name}:k`], outputs: [`${name}:y`] },
      ],
      inputs: [{ name, shape: [1, 1, 5, 5] }],
      outputs: [{ name: `${name}:y`, shape: [] }],
      initializers: [
        { ...weights, name: `${name}.weight` },
        { name: `${name}:k`, dims: [2, 1, 1], floats: [1, 2] },
      ],
    };
    const translated = importBytes(encodeModel(spec), { name });
    const input = Float32Array.from({ length: 25 }, (_, i) => i);
    const expected = Object.values(runBatch(RUNNERS[0]!, plainly(spec, name), 1, input))[0]!;
    const [output] = Object.values(runBatch(RUNNERS[0]!, translated, 1, input));
    expect([...output!]).toEqual([...expected]);
    const text = printModelFile(translated, { source: `${name}.onnx`, weights: `${name}.safetensors` });
    expect(statementsOf(text)).toEqual(['ImportDeclaration', 'ExportAssignment']);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    // The header is a comment of one line.
    expect(text.split('\n').slice(1).join('\n')).not.toMatch(/throw 1|exit\(/);
  });

  it('nodes without names, all alike', () => {
    const spec: ModelSpec = {
      ...small,
      nodes: [
        { op: 'Conv', inputs: ['x', 'a b'], outputs: ['c'] },
        { op: 'Conv', inputs: ['x', 'a/b'], outputs: ['d'] },
        { op: 'Add', inputs: ['c', 'd'], outputs: ['y'] },
      ],
      initializers: [
        { ...weights, name: 'a b' },
        { ...weights, name: 'a/b' },
      ],
    };
    expect(diagnosis(spec)).toBe('none');
  });
});

/** The same model with harmless names. */
function plainly(spec: ModelSpec, name: string) {
  const plain = (text: string): string => text.replaceAll(name, 'n');
  const nodes = spec.nodes.map((node) => ({
    ...node,
    name: plain(node.name ?? ''),
    inputs: node.inputs.map(plain),
    outputs: node.outputs.map(plain),
  }));
  const renamed = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.map((entry) => ({ ...entry, name: plain(entry.name) }));
  const inputs = renamed(spec.inputs);
  const outputs = renamed(spec.outputs);
  return importBytes(
    encodeModel({ ...spec, nodes, inputs, outputs, initializers: renamed(spec.initializers ?? []) }),
    { name: 'plain' },
  );
}

function statementsOf(text: string): string[] {
  const { statements } = ts.createSourceFile('model.ts', text, ts.ScriptTarget.Latest);
  return statements.map(({ kind }) => ts.SyntaxKind[kind]);
}

describe('files beside the model', () => {
  const createFolder = createFolders();
  const external = (location: string, more: Record<string, string> = {}): ModelSpec => ({
    ...small,
    initializers: [{ name: 'w', dims: [2, 1, 3, 3], external: { location, ...more } }],
  });

  function folder(): string {
    const root = createFolder();
    mkdirSync(join(root, 'model', 'inside'), { recursive: true });
    const bytes = new Uint8Array(Float32Array.from(weights.floats).buffer);
    writeFileSync(join(root, 'secret.bin'), bytes);
    writeFileSync(join(root, 'model', 'inside', 'w.bin'), new Uint8Array([0, 0, 0, 0, ...bytes]));
    symlinkSync(join(root, 'secret.bin'), join(root, 'model', 'link.bin'));
    return join(root, 'model');
  }

  it('reads those inside of its folder', () => {
    const found = diagnosis(external('inside/w.bin', { offset: '4', length: '72' }), { folder: folder() });
    expect(found).toBe('none');
  });

  it.each([
    '../secret.bin',
    'inside/../../secret.bin',
    '/etc/hostname',
    'link.bin',
    '',
    'gone.bin',
    '.',
    'a\0b',
  ])('refuses %j', (location) =>
    expect(diagnosis(external(location), { folder: folder() })).toMatch(
      /is not a file in the folder of the model/,
    ),
  );

  it.each([
    { offset: '4', length: '73' },
    { offset: '-4', length: '72' },
    { offset: '4', length: '999999999999999' },
    { offset: '0x4', length: '72' },
  ])('refuses %j', (part) => {
    expect(diagnosis(external('inside/w.bin', part), { folder: folder() })).toMatch(/bytes/);
  });

  it('needs a folder', () =>
    expect(diagnosis(external('w.bin'))).toMatch(/only the bytes of the model were given/));

  it('constants have none', () => {
    const value = { tensor: tensor({ name: 'v', dims: [1], external: { location: 'inside/w.bin' } }) };
    const spec = one({ op: 'Constant', inputs: [], outputs: ['y'], attributes: { value } });
    expect(diagnosis(spec, { folder: folder() })).toMatch(/stored in another file, which is not supported/);
  });
});
