/**
 * Reads the tensors of a safetensors file straight into existing arrays, such as views of WebAssembly's memory,
 * so the whole file is never in memory a second time. In Node each part is read from the file to its place;
 * elsewhere the chunks of a download are copied as they arrive. Errors have the same messages as in weights.ts.
 */
import type { NumberArray } from './arrays.ts';
import {
  cannotFetch,
  cannotRead,
  fetchSource,
  headerLength,
  LENGTH_BYTES,
  locateBytes,
  nodeFiles,
  readBody,
  readEntries,
  readHeader,
  readNumbers,
  truncatedHeader,
  truncatedTensor,
  type ByteSource,
  type NodeFile,
  type TensorEntry,
} from './weights.ts';

/** Chooses the arrays that tensors of the file fill, by the names in the file. Other tensors are skipped. */
export type ChooseArrays = (file: ReadonlyMap<string, TensorEntry>) => ReadonlyMap<string, NumberArray>;

export async function streamWeights(source: ByteSource, choose: ChooseArrays): Promise<void> {
  const file = await openWeights(source);
  try {
    for (const part of partsOf(file.entries, choose(file.entries))) await readPart(file, part);
  } finally {
    await closeWeights(file);
  }
}

/** Opens a weight file and reads its header. Call `closeWeights` in the end. */
export async function openWeights(source: ByteSource): Promise<WeightFile> {
  const reader = await openBytes(source);
  try {
    return { reader, ...(await streamHeader(reader)), readTo: 0 };
  } catch (error) {
    await reader.close(Infinity);
    throw error;
  }
}

export async function closeWeights({ reader, entries, readTo }: WeightFile): Promise<void> {
  await reader.close(endOf(entries.values()) - readTo);
}

/** Reads tensors to their arrays, by their names in the file. */
export async function readTensors(file: WeightFile, arrays: ReadonlyMap<string, NumberArray>): Promise<void> {
  for (const part of partsOf(file.entries, arrays)) await readPart(file, part);
}

/** Lets tensors be read in this order: a download that has them in another one is kept in memory. */
export async function allowOrder(file: WeightFile, names: Iterable<string>): Promise<void> {
  if (file.reader.isSeekable) return;
  const starts = Array.from(names, (name) => file.entries.get(name)!.start);
  if (starts.some((start, i) => i > 0 && start < starts[i - 1]!)) file.reader = await keepAll(file);
}

/** Where the last of the ranges ends. */
const endOf = (ranges: Iterable<{ readonly end: number }>): number =>
  Math.max(0, ...Array.from(ranges, ({ end }) => end));

/** Reads the data of a download into memory. */
async function keepAll({ reader, entries, dataStart }: WeightFile): Promise<ByteReader> {
  const data = new Uint8Array(endOf(entries.values()));
  const got = await reader.read(data, dataStart);
  return {
    isSeekable: true,
    async read(into, position) {
      const found = data.subarray(position - dataStart, Math.min(position - dataStart + into.length, got));
      into.set(found);
      return found.length;
    },
    close: () => reader.close(0),
  };
}

/**
 * Implements `ChooseArrays` for files that must have a tensor of the same length for every array. `flag` is the one that
 * left out the code for other files.
 */
export function matchArrays(
  file: ReadonlyMap<string, TensorEntry>,
  arrays: ReadonlyMap<string, NumberArray>,
  flag?: string,
): ReadonlyMap<string, NumberArray> {
  const more = flag ? `. The package was compiled with ${flag}, so it only takes its own weight file` : '';
  for (const [name, { length }] of arrays) {
    const found = file.get(name);
    if (!found)
      throw new Error(`the weight file has no tensor "${name}": it does not belong to this model${more}`);
    const size = (found.end - found.start) / found.element.bytes;
    if (size === length) continue;
    throw new Error(`the weight file's tensor "${name}" has ${size} numbers, expected ${length}${more}`);
  }
  return arrays;
}

export interface WeightFile {
  reader: ByteReader;
  readonly dataStart: number;
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** The end of the last range that was read. */
  readTo: number;
}

/** One range of the file: bytes that are copied unchanged, or one tensor whose numbers are converted. */
interface FilePart {
  readonly start: number;
  end: number;
  readonly target: NumberArray;
  readonly converted?: TensorEntry;
}

const RAW: Readonly<Record<string, readonly string[]>> = {
  F32: ['Float32Array'],
  I32: ['Int32Array', 'Uint32Array'],
};

/** The parts in the file's order. Tensors that are neighbours both in the file and in memory are one part. */
function partsOf(
  entries: ReadonlyMap<string, TensorEntry>,
  arrays: ReadonlyMap<string, NumberArray>,
): FilePart[] {
  const wanted = [...arrays].map(([name, target]) => ({ entry: entries.get(name)!, target }));
  wanted.sort((a, b) => a.entry.start - b.entry.start);
  const parts: FilePart[] = [];
  for (const { entry, target } of wanted) {
    const { start, end, dtype } = entry;
    // The type by its tag, because an array may come from another realm.
    const type = Object.prototype.toString.call(target).slice(8, -1);
    const last = parts.at(-1);
    if (!RAW[dtype]?.includes(type)) parts.push({ start, end, target, converted: entry });
    else if (last && continues(last, start, target)) last.end = end;
    else parts.push({ start, end, target });
  }
  return parts;
}

const continues = ({ start, end, target, converted }: FilePart, next: number, array: NumberArray): boolean =>
  !converted &&
  end === next &&
  target.buffer === array.buffer &&
  target.byteOffset + (end - start) === array.byteOffset;

async function readPart(file: WeightFile, { start, end, target, converted }: FilePart): Promise<void> {
  const into = converted
    ? new Uint8Array(end - start)
    : new Uint8Array(target.buffer, target.byteOffset, end - start);
  const position = file.dataStart + start;
  const got = await file.reader.read(into, position);
  if (got < into.length) throw truncated(file, position + got);
  file.readTo = Math.max(file.readTo, end);
  if (converted) target.set(readNumbers(into, converted));
}

/** The error for the first tensor that is not complete. */
function truncated({ entries, dataStart }: WeightFile, size: number): Error {
  const cut = [...entries]
    .filter(([, { end }]) => dataStart + end > size)
    .sort(([, a], [, b]) => a.start - b.start);
  const [name, { end }] = cut[0]!;
  return truncatedTensor(name, dataStart + end, size);
}

/** Enough bytes to quote the beginning of a file that is not a weight file. */
const FIRST_BYTES = 24;

async function streamHeader(reader: ByteReader): Promise<Pick<WeightFile, 'dataStart' | 'entries'>> {
  const first = new Uint8Array(FIRST_BYTES);
  const begun = first.subarray(0, await reader.read(first, 0));
  const dataStart = LENGTH_BYTES + headerLength(begun);
  const header = new Uint8Array(dataStart);
  header.set(begun.subarray(0, dataStart));
  const known = Math.min(begun.length, dataStart);
  const got = known + (await reader.read(header.subarray(known), known));
  if (got < dataStart) throw truncatedHeader(dataStart, got);
  return { entries: readEntries(readHeader(header.subarray(LENGTH_BYTES))), dataStart };
}

interface ByteReader {
  /** Whether positions may fall. In a download they only rise. */
  readonly isSeekable: boolean;
  /** Fills `into` from `position` on; returns how many bytes the source had. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** `rest`: how many bytes of the file were not read; Infinity after an error. */
  close(rest: number): Promise<void>;
}

async function openBytes(source: ByteSource): Promise<ByteReader> {
  const home = locateBytes(source);
  switch (home.kind) {
    case 'memory':
      return memoryReader(home.bytes);
    case 'disk':
      return openFile(home.path);
    case 'network': {
      const response = await fetchSource(home);
      if (!response.body) return memoryReader(await readBody(response, home.url));
      return downloadReader(response.body.getReader(), home.url);
    }
  }
}

const memoryReader = (bytes: Uint8Array): ByteReader => ({
  isSeekable: true,
  async read(into, position) {
    const found = bytes.subarray(position, position + into.length);
    into.set(found);
    return found.length;
  },
  close: async () => {},
});

/** The most that one call reads: some systems allow no more than 2 GiB. */
const MOST_BYTES = 2 ** 30;

async function openFile(path: string | URL): Promise<ByteReader> {
  const files = await nodeFiles();
  const file = await files.open(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  return {
    isSeekable: true,
    read: (into, position) =>
      readAll(file, into, position).catch((error: unknown) => {
        throw cannotRead(path, error);
      }),
    close: () => file.close(),
  };
}

async function readAll(file: NodeFile, into: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const length = Math.min(into.length - done, MOST_BYTES);
    const { bytesRead } = await file.read(into, done, length, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** Reads a download only as far as needed; the rest of a chunk is kept for the next read. */
function downloadReader(download: ReadableStreamDefaultReader<Uint8Array>, url: string | URL): ByteReader {
  let chunk: Uint8Array = new Uint8Array(0);
  let at = 0;
  const next = async (): Promise<boolean> => {
    const { value, done } = await download.read().catch((error: unknown) => {
      throw cannotFetch(url, error);
    });
    at += chunk.length;
    chunk = value ?? new Uint8Array(0);
    return !done;
  };
  return {
    isSeekable: false,
    async read(into, position) {
      let done = 0;
      do {
        const found = chunk.subarray(Math.max(0, position + done - at), position + into.length - at);
        into.set(found, done);
        done += found.length;
      } while (done < into.length && (await next()));
      return done;
    },
    async close(rest) {
      // Browsers log a cancelled download as failed, so a short rest is read. The caller does not wait for it, because a
      // server may be slow to end its answer. A download that failed has thrown its error already.
      if (rest <= SMALL_REST) void drain(download, SMALL_REST).catch(() => {});
      else await download.cancel().catch(() => {});
    },
  };
}

/** The most that is downloaded only to reach the end. */
const SMALL_REST = 2 ** 16;

/** Reads to the end. Cancels a download that is longer than the file says. */
async function drain(download: ReadableStreamDefaultReader<Uint8Array>, most: number): Promise<void> {
  for (let left = most; left >= 0;) {
    const { value, done } = await download.read();
    if (done) return;
    left -= value.length;
  }
  await download.cancel();
}
