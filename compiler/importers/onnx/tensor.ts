/** Reads TensorProto into numbers: from raw bytes, typed lists, or a file next to the model. */
import { fail } from '../../diagnostics/diagnostic.ts';
import { sizeOf } from '../../ir/types.ts';
import { allocate, MAX_KNOWN, type Known, type SourceDType } from '../recorded/known.ts';
import type { OnnxTensor } from './types.ts';

/** TensorProto.DataType. */
const DTYPES: Readonly<Record<number, SourceDType>> = {
  1: 'f32',
  2: 'u8',
  3: 'i8',
  4: 'u16',
  5: 'i16',
  6: 'i32',
  7: 'i64',
  9: 'bool',
  10: 'f16',
  11: 'f64',
  12: 'u32',
  13: 'u64',
  16: 'bf16',
};

/**
 * Returns the element type. Undefined for types that are not supported: strings, complex numbers, floats of 4 and 8
 * bits.
 */
export const dtypeOf = (type: number | undefined): SourceDType | undefined => DTYPES[type ?? 0];

/** Reads `external_data`. Fails with the reason if it cannot. */
export type ReadExternal = (entries: Readonly<Record<string, string>>, what: string) => Uint8Array;

type Read = (view: DataView, at: number) => number;

const READERS: { readonly [D in SourceDType]: readonly [bytes: number, read: Read] } = {
  f32: [4, (view, at) => view.getFloat32(at, true)],
  f64: [8, (view, at) => view.getFloat64(at, true)],
  f16: [2, (view, at) => halfToNumber(view.getUint16(at, true))],
  bf16: [2, (view, at) => bitsToFloat(view.getUint16(at, true) << 16)],
  i64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  i32: [4, (view, at) => view.getInt32(at, true)],
  i16: [2, (view, at) => view.getInt16(at, true)],
  i8: [1, (view, at) => view.getInt8(at)],
  u64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  u32: [4, (view, at) => view.getUint32(at, true)],
  u16: [2, (view, at) => view.getUint16(at, true)],
  u8: [1, (view, at) => view.getUint8(at)],
  bool: [1, (view, at) => Number(view.getUint8(at) !== 0)],
};

/** Reads a tensor. Errors call the model `file`. The result's source is the tensor's own name. */
export function readKnown(tensor: OnnxTensor, file: string, external: ReadExternal): Known {
  const what = `the tensor ${JSON.stringify(tensor.name)}`;
  const refuse = (found: string): never => fail('CNNC3014', 'onnx', { file }, `${what} ${found}`);
  const dtype = dtypeOf(tensor.type);
  if (!dtype) return refuse(`has the element type ${tensor.type}, which is not supported`);
  const shape = tensor.dims;
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    refuse(`has the shape [${shape.join(',')}]`);
  }
  if (!(sizeOf(shape) <= MAX_KNOWN)) refuse(`of shape [${shape.join(',')}] is too large`);
  const bytes = tensor.external ? external(tensor.external, what) : tensor.raw;
  const data = bytes
    ? fromBytes(bytes, dtype, shape, refuse)
    : fromNumbers(tensor.numbers, dtype, shape, refuse);
  return { kind: 'known', dtype, shape, data, source: tensor.name };
}

function fromBytes(
  bytes: Uint8Array,
  dtype: SourceDType,
  shape: readonly number[],
  refuse: (found: string) => never,
): Known['data'] {
  const [size, read] = READERS[dtype];
  const needed = sizeOf(shape) * size;
  if (bytes.length !== needed)
    refuse(`has ${bytes.length} bytes, its shape ${dtype}[${shape.join(',')}] needs ${needed}`);
  // Copies, because the bytes may have any alignment and a Buffer's own `slice` copies nothing.
  if (dtype === 'f32') return new Float32Array(Uint8Array.from(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = allocate(dtype, shape);
  for (let i = 0; i < data.length; i++) data[i] = read(view, i * size);
  return data;
}

function fromNumbers(
  numbers: readonly number[],
  dtype: SourceDType,
  shape: readonly number[],
  refuse: (found: string) => never,
): Known['data'] {
  if (numbers.length !== sizeOf(shape))
    refuse(`has ${numbers.length} numbers, its shape [${shape.join(',')}] needs ${sizeOf(shape)}`);
  const data = allocate(dtype, shape);
  const convert = CONVERSIONS[dtype] ?? ((value: number) => value);
  for (let i = 0; i < data.length; i++) data[i] = convert(numbers[i]!);
  return data;
}

/** `int32_data` holds the bits of f16 and of smaller types. */
const CONVERSIONS: Readonly<Partial<Record<SourceDType, (value: number) => number>>> = {
  f16: (bits) => halfToNumber(bits & 0xffff),
  bf16: (bits) => bitsToFloat((bits & 0xffff) << 16),
  i8: (value) => (value << 24) >> 24,
  u8: (value) => value & 0xff,
  i16: (value) => (value << 16) >> 16,
  u16: (value) => value & 0xffff,
  bool: (value) => Number(value !== 0),
};

const scratch = new DataView(new ArrayBuffer(4));

function bitsToFloat(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
