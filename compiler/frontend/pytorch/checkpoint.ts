/**
 * Reads what torch.save writes (zip, since PyTorch 1.6) without executing any of it. It returns the tensors of a
 * state dict, alone or inside a checkpoint, in the form of `readSafetensors`. Anything else is a `Diagnostic`.
 */
import { fail, plural, type Place } from '../../diagnostics/diagnostic.ts';
import { sizeOf } from '../../ir/types.ts';
import type { RefuseFound } from '../refuse.ts';
import { ELEMENT_BYTES, type SafetensorsFile, type StoredTensor } from '../safetensors.ts';
import { openArchive, type Archive } from './archive.ts';
import { isKind, readPickle } from './pickle.ts';
import { describeValue, type Dict, type Storage, type TensorView, type Value } from './values.ts';
import { createWorld } from './world.ts';

const SUBJECT = 'pytorch';
const MAX_PICKLE = 64 * 2 ** 20;
/** Names under which checkpoints keep their state dict. The first one that has tensors is used. */
const USUAL_KEYS = [
  'state_dict',
  'model_state_dict',
  'model',
  'net',
  'module',
  'weights',
  'params_ema',
  'params',
];
const MAX_DEPTH = 4;

/** Reads a checkpoint. Errors call the bytes `file`. */
export function readCheckpoint(bytes: Uint8Array, file: string): SafetensorsFile {
  const place: Place = { file };
  const archive = openArchive(bytes, place);
  const root = findRoot(archive, place);
  const views = tensorsOf(readPickle(readHead(archive, root, place), worldAt(place)), place);
  const storages = readStorages(archive, root, views, place);
  const budget = { left: 4 * bytes.length + 2 ** 20 };
  const tensors = [...views].map(([name, view]): [string, StoredTensor] => {
    const refuse = (found: string): never =>
      fail('CNNC2025', SUBJECT, place, `tensor ${JSON.stringify(name)}: ${found}`);
    return [name, readTensor(name, view, storages.get(view.storage.key)!, budget, refuse)];
  });
  return { tensors: new Map(tensors), metadata: {} };
}

const worldAt = (place: Place) =>
  createWorld((code, found, details) => fail(code, SUBJECT, place, found, details));

/** Finds the folder that contains every entry. */
function findRoot({ names }: Archive, place: Place): string {
  const [head, another] = [...names].filter((name) => /^(.*\/)?data\.pkl$/.test(name));
  if (head === undefined)
    fail('CNNC2022', SUBJECT, place, 'the zip file has no data.pkl, so torch.save did not write it');
  if (another !== undefined) fail('CNNC2021', SUBJECT, place, 'the zip file has more than one data.pkl');
  return head.slice(0, -'data.pkl'.length);
}

function readHead(archive: Archive, root: string, place: Place): Uint8Array {
  const [head, order] = [`${root}data.pkl`, `${root}byteorder`];
  const files = archive.read(archive.names.has(order) ? [head, order] : [head]);
  if (new TextDecoder().decode(files.get(order)?.subarray(0, 16)) === 'big')
    fail('CNNC2026', SUBJECT, place, 'its numbers are big-endian, expected little-endian');
  const pickle = files.get(head)!;
  if (pickle.length > MAX_PICKLE)
    fail('CNNC2026', SUBJECT, place, `data.pkl has ${pickle.length} bytes, more than 64 MiB`);
  return pickle;
}

/** Returns the tensors by name: those of the dict itself, or of the inner dict where a training script keeps them. */
function tensorsOf(value: Value, place: Place): ReadonlyMap<string, TensorView> {
  let dict = dictOf(value, place);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const found = ownTensors(dict);
    if (found.size > 0) return found;
    const inside = innerDict(dict);
    if (!inside) break;
    dict = inside;
  }
  const keys = [...dict.entries.keys()].slice(0, 20).map(describeValue);
  return fail('CNNC2022', SUBJECT, place, 'it holds no state dict', [
    `its keys are ${keys.join(', ') || 'none'}`,
    `expected tensors by name, or a dict of them at ${USUAL_KEYS.join(', ')}`,
  ]);
}

const dictOf = (value: Value, place: Place): Dict =>
  isKind(value, 'dict')
    ? value
    : fail('CNNC2022', SUBJECT, place, `it holds ${describeValue(value)}, expected a state dict`);

function ownTensors({ entries }: Dict): ReadonlyMap<string, TensorView> {
  const found = new Map<string, TensorView>();
  for (const [name, value] of entries)
    if (typeof name === 'string' && isKind(value, 'tensor')) found.set(name, value);
  return found;
}

/** Finds an inner dict with tensors: under one of the usual names, or the only one. */
function innerDict({ entries }: Dict): Dict | undefined {
  for (const key of USUAL_KEYS) {
    const value = entries.get(key);
    if (isKind(value, 'dict')) return value;
  }
  const others = [...entries.values()].filter((value) => isKind(value, 'dict') && ownTensors(value).size > 0);
  return others.length === 1 ? (others[0] as Dict) : undefined;
}

function readStorages(
  archive: Archive,
  root: string,
  views: ReadonlyMap<string, TensorView>,
  place: Place,
): ReadonlyMap<string, Uint8Array> {
  const storages = new Map([...views.values()].map(({ storage }) => [storage.key, storage]));
  const entryOf = (key: string): string => `${root}data/${key}`;
  const missing = [...storages.keys()].filter((key) => !archive.names.has(entryOf(key)));
  if (missing.length > 0) {
    const shown = missing.slice(0, 10).map((key) => JSON.stringify(key));
    fail(
      'CNNC2025',
      SUBJECT,
      place,
      `${plural(missing.length, 'storage')} of its tensors are not in the file: ${shown.join(', ')}`,
    );
  }
  const contents = archive.read([...storages.keys()].map(entryOf));
  return new Map([...storages.keys()].map((key) => [key, contents.get(entryOf(key))!]));
}

function readTensor(
  name: string,
  { storage, offset, shape, strides }: TensorView,
  content: Uint8Array,
  budget: { left: number },
  refuse: RefuseFound,
): StoredTensor {
  const width = ELEMENT_BYTES[storage.dtype];
  checkStorage(storage, content.length, width, refuse);
  const size = sizeOf(shape);
  // Each extent is at most the number of elements, so every index below is exact as a double.
  const last =
    size === 0 ? -1 : shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, offset);
  if (!(size <= Number.MAX_SAFE_INTEGER && last < storage.elements)) {
    refuse(`shape [${shape.join(',')}] needs ${last + 1} numbers, its storage has ${storage.elements}`);
  }
  const found = { name, dtype: storage.dtype, shape };
  if (size === 0) return { ...found, bytes: new Uint8Array(0) };
  if (isContiguous(shape, strides))
    return { ...found, bytes: content.subarray(offset * width, (offset + size) * width) };
  budget.left -= size * width;
  if (!(budget.left >= 0))
    refuse(`shape [${shape.join(',')}] repeats numbers: it is far larger than the file`);
  return { ...found, bytes: gather(content.subarray(offset * width), shape, strides, width) };
}

function checkStorage(
  { key, dtype, elements }: Storage,
  bytes: number,
  width: number,
  refuse: RefuseFound,
): void {
  if (elements * width > bytes) {
    refuse(
      `its storage ${JSON.stringify(key)} has ${bytes} bytes, too few for ${elements} numbers of ${dtype}`,
    );
  }
}

/** Whether the strides are row-major. The stride of an axis of extent 1 does not matter. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** Returns the numbers in row-major order. `content` begins at the first one. */
function gather(
  content: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  width: number,
): Uint8Array {
  const bytes = new Uint8Array(sizeOf(shape) * width);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += width) {
    for (let i = 0; i < width; i++) bytes[to + i] = content[from * width + i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return bytes;
}
