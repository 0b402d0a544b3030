/**
 * Writes files as torch.save does: a pickle of protocol 2, with its storages, in a zip file. Values are opcodes, so
 * that a test can write what torch.save never would.
 */
import { zipSync, type Zippable } from 'fflate';

/** Bytes of a pickle that leave one value on the stack. */
export type Opcodes = readonly number[];

const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const u32 = (value: number): number[] => [...new Uint8Array(Uint32Array.of(value).buffer)];
const wide = (value: number): number[] => [...new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)];

export const pickled = {
  none: [0x4e],
  true: [0x88],
  false: [0x89],
  string: (value: string): Opcodes => [0x58, ...u32(text(value).length), ...text(value)],
  /** BININT1, BININT or LONG1, as the pickler of CPython does. */
  integer: (value: number): Opcodes =>
    value >= 0 && value < 256
      ? [0x4b, value]
      : Math.abs(value) < 2 ** 31
        ? [0x4a, ...u32(value >>> 0)]
        : [0x8a, 8, ...wide(value)],
  tuple: (...items: readonly Opcodes[]): Opcodes => [0x28, ...items.flat(), 0x74],
  list: (...items: readonly Opcodes[]): Opcodes => [0x5d, 0x28, ...items.flat(), 0x65],
  global: (module: string, name: string): Opcodes => [0x63, ...text(`${module}\n${name}\n`)],
  call: (callee: Opcodes, ...args: readonly Opcodes[]): Opcodes => [
    ...callee,
    ...pickled.tuple(...args),
    0x52,
  ],
  dict: (entries: readonly (readonly [Opcodes, Opcodes])[]): Opcodes => [
    ...[0x7d, 0x28],
    ...entries.flat().flat(),
    0x75,
  ],
  ordered: (entries: readonly (readonly [Opcodes, Opcodes])[]): Opcodes => [
    ...pickled.call(pickled.global('collections', 'OrderedDict')),
    ...[0x28, ...entries.flat().flat(), 0x75],
    // The `_metadata` of a module's state dict.
    ...pickled.dict([
      [pickled.string('_metadata'), pickled.call(pickled.global('collections', 'OrderedDict'))],
    ]),
    0x62,
  ],
  storage: (type: string, key: string, elements: number): Opcodes => [
    ...pickled.tuple(
      pickled.string('storage'),
      pickled.global('torch', type),
      pickled.string(key),
      pickled.string('cpu'),
      pickled.integer(elements),
    ),
    0x51,
  ],
  tensor: (
    storage: Opcodes,
    shape: readonly number[],
    strides: readonly number[] = rowMajor(shape),
    offset = 0,
  ): Opcodes =>
    pickled.call(
      pickled.global('torch._utils', '_rebuild_tensor_v2'),
      storage,
      pickled.integer(offset),
      pickled.tuple(...shape.map(pickled.integer)),
      pickled.tuple(...strides.map(pickled.integer)),
      pickled.false,
      pickled.call(pickled.global('collections', 'OrderedDict')),
    ),
  parameter: (tensor: Opcodes): Opcodes =>
    pickled.call(
      pickled.global('torch._utils', '_rebuild_parameter'),
      tensor,
      pickled.true,
      pickled.call(pickled.global('collections', 'OrderedDict')),
    ),
};

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
}

/** A pickle of protocol 2. */
export const pickleOf = (value: Opcodes): Uint8Array => Uint8Array.of(0x80, 2, ...value, 0x2e);

export interface CheckpointFile {
  readonly value: Opcodes | Uint8Array;
  /** Contents of `data/<key>`. */
  readonly storages?: Readonly<Record<string, Uint8Array>>;
  readonly root?: string;
  /** Deflated; torch.save stores. */
  readonly level?: 0 | 6;
  readonly byteorder?: string;
}

export function checkpointBytes(file: CheckpointFile): Uint8Array {
  const { value, storages = {}, root = 'archive', level = 0, byteorder = 'little' } = file;
  const entries: Zippable = {
    [`${root}/data.pkl`]: value instanceof Uint8Array ? value : pickleOf(value),
    [`${root}/byteorder`]: new TextEncoder().encode(byteorder),
    [`${root}/version`]: new TextEncoder().encode('3\n'),
  };
  for (const [key, content] of Object.entries(storages)) entries[`${root}/data/${key}`] = content;
  // A fixed date: the same file every time.
  return zipSync(entries, { level, mtime: '1980-01-01T00:00:00' });
}

const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

export interface NamedNumbers {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A state dict of f32, each tensor in a storage of its own. */
export function stateDictBytes(
  tensors: readonly NamedNumbers[],
  wrap: (dict: Opcodes) => Opcodes = (x) => x,
) {
  const entries = tensors.map(({ name, shape, data }, i) => {
    const storage = pickled.storage('FloatStorage', String(i), data.length);
    return [pickled.string(name), pickled.tensor(storage, shape)] as const;
  });
  const storages = Object.fromEntries(tensors.map(({ data }, i) => [String(i), bytesOf(data)]));
  return checkpointBytes({ value: wrap(pickled.ordered(entries)), storages });
}
