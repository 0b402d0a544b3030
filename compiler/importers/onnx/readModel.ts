/**
 * Reads the bytes of an `.onnx` file into messages. Bytes that are no ONNX model are a `Diagnostic`. The meaning of
 * the model is not checked here.
 */
import { Diagnostic, fail } from '../../diagnostics/diagnostic.ts';
import { readMessage } from './protobuf.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './types.ts';

/** Reads a model. Errors call the bytes `file`. */
export function readOnnxModel(bytes: Uint8Array, file: string): OnnxModel {
  try {
    return readModel(bytes, file);
  } catch (error) {
    return refuse(error, bytes, file);
  }
}

/** Reads a file that is a TensorProto, as in ONNX's test data. */
export function readOnnxTensor(bytes: Uint8Array, file: string): OnnxTensor {
  try {
    return readTensor(bytes);
  } catch (error) {
    return refuse(error, bytes, file);
  }
}

function refuse(error: unknown, bytes: Uint8Array, file: string): never {
  if (error instanceof Diagnostic || !(error instanceof Error)) throw error;
  const start = String.fromCharCode(...bytes.subarray(0, 24)).replace(/[^\x20-\x7e]/g, '.');
  fail('CNNC3010', 'onnx', { file }, `this is not an ONNX file, or it is truncated: ${error.message}`, [
    `${bytes.length} bytes, which begin with ${JSON.stringify(start)}`,
  ]);
}

function readModel(bytes: Uint8Array, file: string): OnnxModel {
  let producer = '';
  let graph: OnnxGraph | undefined;
  const opsets = new Map<string, number>();
  readMessage(bytes, (field) => {
    if (field.number === 2) producer = field.text();
    if (field.number === 7) graph = readGraph(field.bytes());
    if (field.number === 8) {
      const { domain, version } = readOpset(field.bytes());
      opsets.set(ownDomain(domain), version);
    }
  });
  if (!graph) return fail('CNNC3010', 'onnx', { file }, 'the file holds no graph');
  return { producer, opsets, graph };
}

/** ONNX's own operator set may also be named `ai.onnx`. */
const ownDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  const opset = { domain: '', version: 1 };
  readMessage(bytes, (field) => {
    if (field.number === 1) opset.domain = field.text();
    if (field.number === 2) opset.version = field.integer();
  });
  return opset;
}

function readGraph(bytes: Uint8Array): OnnxGraph {
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  readMessage(bytes, (field) => {
    if (field.number === 1) nodes.push(readNode(field.bytes()));
    if (field.number === 2) name = field.text();
    if (field.number === 5) initializers.push(readTensor(field.bytes()));
    if (field.number === 11) inputs.push(readValueInfo(field.bytes()));
    if (field.number === 12) outputs.push(readValueInfo(field.bytes()));
  });
  return { name, nodes, initializers, inputs, outputs };
}

function readNode(bytes: Uint8Array): OnnxNode {
  let [name, op, domain] = ['', '', ''];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  readMessage(bytes, (field) => {
    if (field.number === 1) inputs.push(field.text());
    if (field.number === 2) outputs.push(field.text());
    if (field.number === 3) name = field.text();
    if (field.number === 4) op = field.text();
    if (field.number === 5) attributes.set(...readAttribute(field.bytes()));
    if (field.number === 7) domain = ownDomain(field.text());
  });
  return { name, op, domain, inputs, outputs, attributes };
}

/** AttributeProto.AttributeType. */
const ATTRIBUTE_KINDS: Readonly<Record<number, Exclude<OnnxAttribute['kind'], 'other'>>> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  6: 'floats',
  7: 'ints',
  8: 'strings',
};

function readAttribute(bytes: Uint8Array): [string, OnnxAttribute] {
  let [name, type] = ['', 0];
  let [float, int, string] = [0, 0, ''];
  let tensor: OnnxTensor | undefined;
  const [floats, ints, strings]: [number[], number[], string[]] = [[], [], []];
  readMessage(bytes, (field) => {
    if (field.number === 1) name = field.text();
    if (field.number === 2) float = field.float();
    if (field.number === 3) int = field.integer();
    if (field.number === 4) string = field.text();
    if (field.number === 5) tensor = readTensor(field.bytes());
    if (field.number === 7) field.floats(floats);
    if (field.number === 8) field.integers(ints);
    if (field.number === 9) strings.push(field.text());
    if (field.number === 20) type = field.integer();
  });
  const kind = ATTRIBUTE_KINDS[type];
  if (!kind || (kind === 'tensor' && !tensor)) return [name, { kind: 'other' }];
  const value = { float, int, string, tensor, floats, ints, strings }[kind];
  return [name, { kind, value } as OnnxAttribute];
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  let [name, type, location] = ['', 0, 0];
  let raw: Uint8Array | undefined;
  const dims: number[] = [];
  const numbers: number[] = [];
  const external: [string, string][] = [];
  readMessage(bytes, (field) => {
    if (field.number === 1) field.integers(dims);
    if (field.number === 2) type = field.integer();
    if (field.number === 4) field.floats(numbers);
    if (field.number === 5 || field.number === 7 || field.number === 11) field.integers(numbers);
    if (field.number === 8) name = field.text();
    if (field.number === 9) raw = field.bytes();
    if (field.number === 10) field.doubles(numbers);
    if (field.number === 13) external.push(readEntry(field.bytes()));
    if (field.number === 14) location = field.integer();
  });
  const outside = location === 1 ? { external: Object.fromEntries(external) } : {};
  return { name, type, dims, raw, numbers, ...outside };
}

/** StringStringEntryProto. */
function readEntry(bytes: Uint8Array): [string, string] {
  const entry: [string, string] = ['', ''];
  readMessage(bytes, (field) => {
    if (field.number === 1) entry[0] = field.text();
    if (field.number === 2) entry[1] = field.text();
  });
  return entry;
}

function readValueInfo(bytes: Uint8Array): OnnxValueInfo {
  let name = '';
  let type: Pick<OnnxValueInfo, 'type' | 'shape'> = {};
  readMessage(bytes, (field) => {
    if (field.number === 1) name = field.text();
    if (field.number === 2) type = readType(field.bytes());
  });
  return { name, ...type };
}

/** TypeProto. Only `tensor_type` is used. */
function readType(bytes: Uint8Array): Pick<OnnxValueInfo, 'type' | 'shape'> {
  let type: number | undefined;
  let shape: (number | string)[] | undefined;
  readMessage(bytes, (field) => {
    if (field.number !== 1) return;
    readMessage(field.bytes(), (tensor) => {
      if (tensor.number === 1) type = tensor.integer();
      if (tensor.number === 2) shape = readShape(tensor.bytes());
    });
  });
  return { type, shape };
}

function readShape(bytes: Uint8Array): (number | string)[] {
  const shape: (number | string)[] = [];
  readMessage(bytes, (field) => {
    if (field.number !== 1) return;
    let extent: number | string = '';
    readMessage(field.bytes(), (dimension) => {
      if (dimension.number === 1) extent = dimension.integer();
      if (dimension.number === 2) extent = dimension.text();
    });
    shape.push(extent);
  });
  return shape;
}
