/** The bytes of a `.tflite` file, by the package `flatbuffers` of the peers. A flatbuffer is written from its leaves to its root. */
import { createRequire } from 'node:module';
import { PEERS, requirePeers } from '../peers.ts';
import {
  OPERATORS,
  OPTIONS,
  TENSOR_TYPES,
  type Field,
  type OperatorName,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from './model.ts';

type Flatbuffers = typeof import('flatbuffers');
type Builder = InstanceType<Flatbuffers['Builder']>;

/** A place in what has been written. */
interface Offset {
  readonly offset: number;
}

/** The fields of a table by their index in the schema. */
type Fields = Readonly<Record<number, Field | Offset>>;

const SCHEMA_VERSION = 3;
/** More than everything that is no number takes. */
const TABLE_BYTES = 1 << 20;

export function writeTflite(model: TfliteModel): Uint8Array {
  requirePeers(['flatbuffers']);
  const { Builder } = createRequire(`${PEERS}/`)('flatbuffers') as Flatbuffers;
  const constants = model.tensors.reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0);
  const builder = new Builder(constants + TABLE_BYTES);
  const names = [...new Set(model.operators.map(({ name }) => name))];
  const buffers = bufferTables(builder, model.tensors);
  const graph = graphTable(builder, model, names);
  const root = table(builder, {
    0: SCHEMA_VERSION,
    1: offsetVector(builder, operatorCodes(builder, names)),
    2: offsetVector(builder, [graph]),
    3: { offset: builder.createString('written by the bench of cnnc') },
    4: offsetVector(builder, buffers),
  });
  builder.finish(root.offset, 'TFL3');
  return builder.asUint8Array();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Buffer 0 is empty and that of all computed tensors; the constants have the others in their order. */
function bufferTables(builder: Builder, tensors: readonly TfliteTensor[]): Offset[] {
  const empty = table(builder, {});
  const constants = tensors.flatMap(({ data }) => (data === undefined ? [] : [bytesOf(data)]));
  return [empty, ...constants.map((bytes) => table(builder, { 0: byteVector(builder, bytes) }))];
}

function graphTable(builder: Builder, model: TfliteModel, names: readonly OperatorName[]): Offset {
  let constants = 0;
  const tensors = model.tensors.map((tensor, i) =>
    tensorTable(builder, tensor, `t${i}`, tensor.data === undefined ? 0 : ++constants),
  );
  const operators = model.operators.map((operator) => operatorTable(builder, operator, names));
  return table(builder, {
    0: offsetVector(builder, tensors),
    1: intVector(builder, [model.input]),
    2: intVector(builder, [model.output]),
    3: offsetVector(builder, operators),
    4: { offset: builder.createString('main') },
  });
}

function tensorTable(builder: Builder, { shape, type }: TfliteTensor, name: string, buffer: number): Offset {
  const fields = { 0: intVector(builder, shape), 1: { byte: TENSOR_TYPES[type] }, 2: buffer };
  return table(builder, { ...fields, 3: { offset: builder.createString(name) } });
}

function operatorTable(
  builder: Builder,
  { name, inputs, output, options }: TfliteOperator,
  names: readonly OperatorName[],
): Offset {
  const type = OPTIONS[name];
  const fields = {
    0: names.indexOf(name),
    1: intVector(builder, inputs),
    2: intVector(builder, [output]),
  };
  if (type === undefined) return table(builder, fields);
  return table(builder, {
    ...fields,
    3: { byte: type },
    4: table(builder, Object.fromEntries(options.entries())),
  });
}

/** The operator's number twice, first in the byte that older readers take, and its version 1. */
const operatorCodes = (builder: Builder, names: readonly OperatorName[]): Offset[] =>
  names.map((name) => table(builder, { 0: { byte: OPERATORS[name] }, 2: 1, 3: OPERATORS[name] }));

function table(builder: Builder, fields: Fields): Offset {
  const entries = Object.entries(fields).map(([index, value]) => [Number(index), value] as const);
  builder.startObject(Math.max(0, ...entries.map(([index]) => index + 1)));
  for (const [index, value] of entries) {
    // The last argument is the default, which is not written. These are defaults that no field has.
    if (typeof value === 'number') builder.addFieldInt32(index, value, -0x80000000);
    else if ('byte' in value) builder.addFieldInt8(index, value.byte, -128);
    else builder.addFieldOffset(index, value.offset, 0);
  }
  return { offset: builder.endObject() };
}

function intVector(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addInt32(value);
  return { offset: builder.endVector() };
}

function offsetVector(builder: Builder, values: readonly Offset[]): Offset {
  builder.startVector(4, values.length, 4);
  for (const { offset } of values.toReversed()) builder.addOffset(offset);
  return { offset: builder.endVector() };
}

/** TFLite wants the bytes at a multiple of 16. */
function byteVector(builder: Builder, bytes: Uint8Array): Offset {
  builder.prep(16, bytes.length);
  return { offset: builder.createByteVector(bytes) };
}
