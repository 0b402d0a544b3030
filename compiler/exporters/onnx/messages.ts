/**
 * The messages of onnx.proto that the exporter writes, and their bytes (protobuf's wire format, by
 * @bufbuild/protobuf's BinaryWriter). The same messages give the same bytes.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OnnxAttribute, OnnxAttributes, OnnxData, OnnxElement } from '../../ops/shared/onnx.ts';

/** TensorProto.DataType */
export const ELEMENT_TYPES: Readonly<Record<OnnxElement, number>> = {
  f32: 1,
  i32: 6,
  i64: 7,
  bool: 9,
  u32: 12,
};

export interface NodeMessage {
  readonly name: string;
  readonly op: string;
  /** An empty name is an operand that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: OnnxAttributes;
}

export interface ValueMessage {
  readonly name: string;
  readonly element: OnnxElement;
  readonly shape: readonly number[];
}

export interface InitializerMessage extends ValueMessage {
  readonly data: OnnxData;
}

export interface ModelMessage {
  readonly irVersion: number;
  readonly opset: number;
  readonly name: string;
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly InitializerMessage[];
  readonly inputs: readonly ValueMessage[];
  readonly outputs: readonly ValueMessage[];
}

const { Varint, LengthDelimited, Bit32 } = WireType;
type Write = (w: BinaryWriter) => void;

const text = (w: BinaryWriter, field: number, value: string): void =>
  void w.tag(field, LengthDelimited).string(value);

const whole = (w: BinaryWriter, field: number, value: number): void => void w.tag(field, Varint).int64(value);

function message(w: BinaryWriter, field: number, write: Write): void {
  w.tag(field, LengthDelimited).fork();
  write(w);
  w.join();
}

export function modelBytes(model: ModelMessage): Uint8Array {
  const w = new BinaryWriter();
  whole(w, 1, model.irVersion);
  text(w, 2, 'cnnc');
  message(w, 7, (graph) => writeGraph(graph, model));
  message(w, 8, (opset) => {
    text(opset, 1, '');
    whole(opset, 2, model.opset);
  });
  return w.finish();
}

function writeGraph(w: BinaryWriter, { name, nodes, initializers, inputs, outputs }: ModelMessage): void {
  for (const node of nodes) message(w, 1, (into) => writeNode(into, node));
  text(w, 2, name);
  for (const initializer of initializers) message(w, 5, (into) => writeTensor(into, initializer));
  for (const value of inputs) message(w, 11, (into) => writeValue(into, value));
  for (const value of outputs) message(w, 12, (into) => writeValue(into, value));
}

function writeNode(w: BinaryWriter, { name, op, inputs, outputs, attributes }: NodeMessage): void {
  for (const input of inputs) text(w, 1, input);
  for (const output of outputs) text(w, 2, output);
  text(w, 3, name);
  text(w, 4, op);
  for (const [key, attribute] of Object.entries(attributes))
    message(w, 5, (into) => writeAttribute(into, key, attribute));
}

/** AttributeProto.AttributeType, and the field of the value. */
const ATTRIBUTES = {
  float: { type: 1, field: 2 },
  int: { type: 2, field: 3 },
  text: { type: 3, field: 4 },
  ints: { type: 7, field: 8 },
} as const;

function writeAttribute(w: BinaryWriter, key: string, attribute: OnnxAttribute): void {
  const { type, field } = ATTRIBUTES[attribute.kind];
  text(w, 1, key);
  switch (attribute.kind) {
    case 'float':
      w.tag(field, Bit32).float(attribute.value);
      break;
    case 'int':
      whole(w, field, attribute.value);
      break;
    case 'text':
      text(w, field, attribute.value);
      break;
    case 'ints':
      for (const value of attribute.value) whole(w, field, value);
      break;
  }
  whole(w, 20, type);
}

function writeTensor(w: BinaryWriter, { name, element, shape, data }: InitializerMessage): void {
  for (const extent of shape) whole(w, 1, extent);
  whole(w, 2, ELEMENT_TYPES[element]);
  text(w, 8, name);
  // Little-endian, as on every host that runs WebAssembly.
  w.tag(9, LengthDelimited).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue(w: BinaryWriter, { name, element, shape }: ValueMessage): void {
  const writeShape: Write = (into) => {
    for (const extent of shape) message(into, 1, (dimension) => whole(dimension, 1, extent));
  };
  text(w, 1, name);
  message(w, 2, (type) =>
    message(type, 1, (tensor) => {
      whole(tensor, 1, ELEMENT_TYPES[element]);
      message(tensor, 2, writeShape);
    }),
  );
}
