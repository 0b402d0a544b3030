/**
 * Reads and writes safetensors: an 8-byte header length, a JSON header, one buffer of numbers. A file is accepted
 * only if every entry is well formed and the entries fill the buffer without gap or overlap, as the reference
 * implementation demands. Every refusal is a `Diagnostic`. Numbers are little-endian, as on every host that runs
 * WebAssembly. The same tensors give the same bytes.
 */
import { fail, plural, type Place } from '../diagnostics/diagnostic.ts';
import { sizeOf } from '../ir/types.ts';

/** Bytes of one element, by dtype. Floats of 8 and 4 bits are not supported. */
export const ELEMENT_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type StoredDType = keyof typeof ELEMENT_BYTES;

export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  /** A view into the file, with any alignment. */
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  /** Tensors by name, in the order of their data in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface WritableTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const SUBJECT = 'safetensors';
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;

/** Reads a file. Errors call the bytes `file`. The tensors are views, so `bytes` must not change afterwards. */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const place: Place = { file };
  const headerBytes = readHeaderLength(bytes, place);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes), place);
  const data = bytes.subarray(LENGTH_BYTES + headerBytes);
  const { __metadata__: metadata, ...rest } = header;
  const entries = Object.entries(rest)
    .map(([name, entry]) => readEntry(name, entry, place))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkTiling(entries, data.byteLength, place);
  const tensors = entries.map(({ name, dtype, shape, begin, end }): [string, StoredTensor] => [
    name,
    { name, dtype, shape, bytes: data.subarray(begin, end) },
  ]);
  return { tensors: new Map(tensors), metadata: readMetadata(metadata, place) };
}

interface Entry {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

type Json = Readonly<Record<string, unknown>>;

const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readHeaderLength(bytes: Uint8Array, place: Place): number {
  const size = bytes.byteLength;
  if (size < LENGTH_BYTES) {
    fail(
      'CNNC2010',
      SUBJECT,
      place,
      `the file has ${plural(size, 'byte')}, shorter than the 8 bytes of the header's length`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, size).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    fail('CNNC2011', SUBJECT, place, `the header's length is ${length} bytes, more than the 100 MB allowed`, [
      `is this a safetensors file? It begins with ${quoteStart(bytes)}`,
    ]);
  }
  const needed = LENGTH_BYTES + Number(length);
  if (needed > size)
    fail('CNNC2010', SUBJECT, place, `truncated: the header needs ${needed} bytes, the file has ${size}`);
  return Number(length);
}

/** Quotes the first characters, which show an HTML error page or a Git LFS pointer. */
function quoteStart(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 24));
  return JSON.stringify(start.replace(/[^\x20-\x7e]/g, '.'));
}

function parseHeader(bytes: Uint8Array, place: Place): Json {
  const header = parseJson(bytes);
  // JSON.parse makes `__proto__` an own property. The spread syntax and Object.entries keep it one.
  return isJsonObject(header) ? header : fail('CNNC2011', SUBJECT, place, 'the header is not a JSON object');
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function readMetadata(metadata: unknown, place: Place): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (!isJsonObject(metadata))
    return fail('CNNC2011', SUBJECT, place, '`__metadata__` is not an object of strings');
  const wrong = Object.keys(metadata).find((key) => typeof metadata[key] !== 'string');
  if (wrong !== undefined)
    fail('CNNC2011', SUBJECT, place, `\`__metadata__\` holds \`${wrong}\`, which is not a string`);
  return metadata as Readonly<Record<string, string>>;
}

function readEntry(name: string, entry: unknown, place: Place): Entry {
  const refuse = (found: string): never => fail('CNNC2011', SUBJECT, place, `tensor \`${name}\`: ${found}`);
  if (!isJsonObject(entry)) return refuse(`its entry is not an object, but ${show(entry)}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isStoredDType(dtype)) {
    return refuse(`dtype ${show(dtype)} is not one of ${Object.keys(ELEMENT_BYTES).join(', ')}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    return refuse(`shape ${show(shape)} is not a list of whole numbers from 0 up`);
  }
  const size = sizeOf(shape) * ELEMENT_BYTES[dtype];
  if (!isCount(size)) return refuse(`shape [${shape.join(',')}] is too large to count`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`data_offsets ${show(offsets)} is not [begin, end]`);
  }
  const [begin, end] = offsets as [number, number];
  if (end - begin !== size) {
    return refuse(`${dtype}[${shape.join(',')}] takes ${size} bytes, its data_offsets span ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Prints a value of the header for a message. Long or deeply nested values are cut. */
function show(value: unknown): string {
  try {
    const text = String(JSON.stringify(value));
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  } catch {
    return 'a deeply nested value';
  }
}

const isStoredDType = (value: unknown): value is StoredDType =>
  typeof value === 'string' && Object.hasOwn(ELEMENT_BYTES, value);

/** Checks that the entries, in the order of their offsets, fill the data without gap or overlap. */
function checkTiling(entries: readonly Entry[], dataBytes: number, place: Place): void {
  const needed = entries.reduce((most, { end }) => Math.max(most, end), 0);
  if (needed > dataBytes) {
    fail(
      'CNNC2010',
      SUBJECT,
      place,
      `truncated: the data needs ${needed} bytes, the file has ${dataBytes} after the header`,
    );
  }
  let end = 0;
  let previous = '';
  for (const entry of entries) {
    if (entry.begin < end)
      fail('CNNC2011', SUBJECT, place, `tensors \`${previous}\` and \`${entry.name}\` overlap`);
    if (entry.begin > end)
      fail('CNNC2011', SUBJECT, place, `bytes ${end} to ${entry.begin} of the data belong to no tensor`);
    ({ end, name: previous } = entry);
  }
  if (end < dataBytes)
    fail('CNNC2011', SUBJECT, place, `bytes ${end} to ${dataBytes} of the data belong to no tensor`);
}

type ReadElement = (view: DataView, offset: number) => number;

const READ_ELEMENT: { readonly [D in StoredDType]: ReadElement } = {
  BOOL: (view, offset) => view.getUint8(offset),
  U8: (view, offset) => view.getUint8(offset),
  I8: (view, offset) => view.getInt8(offset),
  U16: (view, offset) => view.getUint16(offset, true),
  I16: (view, offset) => view.getInt16(offset, true),
  F16: (view, offset) => halfToNumber(view.getUint16(offset, true)),
  BF16: (view, offset) => bitsToNumber(view.getUint16(offset, true) << 16),
  U32: (view, offset) => view.getUint32(offset, true),
  I32: (view, offset) => view.getInt32(offset, true),
  F32: (view, offset) => view.getFloat32(offset, true),
  U64: (view, offset) => Number(view.getBigUint64(offset, true)),
  I64: (view, offset) => Number(view.getBigInt64(offset, true)),
  F64: (view, offset) => view.getFloat64(offset, true),
};

/** The tensor's numbers rounded to f32. Aligned F32 data is not copied, so treat the result as read-only. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  const size = sizeOf(tensor.shape);
  if (tensor.dtype === 'F32') {
    return byteOffset % 4 === 0
      ? new Float32Array(buffer, byteOffset, size)
      : new Float32Array(new Uint8Array(tensor.bytes).buffer);
  }
  const view = new DataView(buffer, byteOffset, byteLength);
  const read = READ_ELEMENT[tensor.dtype];
  const stride = ELEMENT_BYTES[tensor.dtype];
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = read(view, i * stride);
  return values;
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsToNumber(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** Converts an f16. Shifting its bits to the place of an f32 makes the exponent 112 too small, for subnormals too. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) return magnitude === 0x7c00 ? sign * Infinity : NaN;
  return sign * bitsToNumber(magnitude << 13) * 2 ** 112;
}

/**
 * Writes the tensors in the given order and `metadata` sorted by key. The header is padded with spaces so that the
 * data begins at a multiple of 8. A repeated name, or data that does not match its shape, is a `Diagnostic`.
 */
export function writeSafetensors(
  tensors: Iterable<WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** The bytes of such a file in pieces: its header, then each tensor without a copy. */
export function safetensorsParts(
  tensors: Iterable<WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const list = [...tensors];
  const header = formatHeader(list, metadata);
  const dataStart = Math.ceil((LENGTH_BYTES + header.byteLength) / 8) * 8;
  const start = new Uint8Array(dataStart);
  new DataView(start.buffer).setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  start.fill(0x20, LENGTH_BYTES).set(header, LENGTH_BYTES);
  return [start, ...list.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

/** Prints the header as text, because an object would put names like `0` first and lose `__proto__`. */
function formatHeader(
  tensors: readonly WritableTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
    entries.push(`"__metadata__":{${pairs.join(',')}}`);
  }
  const names = new Set(['__metadata__']);
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) fail('CNNC2012', SUBJECT, {}, `cannot write two entries named \`${name}\``);
    if (data.length !== sizeOf(shape)) {
      fail(
        'CNNC2012',
        SUBJECT,
        {},
        `cannot write \`${name}\`: shape [${shape.join(',')}] with ${plural(data.length, 'number')}`,
      );
    }
    names.add(name);
    const dtype = data instanceof Float32Array ? 'F32' : 'I32';
    const span = `[${offset},${offset + data.byteLength}]`;
    entries.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":${span}}`,
    );
    offset += data.byteLength;
  }
  return new TextEncoder().encode(`{${entries.join(',')}}`);
}
