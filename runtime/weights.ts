/**
 * Weights as bytes and as arrays. `loadBytes` fetches a file wherever the module runs; `parseSafetensors`
 * and `serializeSafetensors` read and write the safetensors format. Self-contained; works in Node and in
 * browsers. A file that is missing, truncated or malformed throws an `Error` that says why.
 * Numbers are little-endian, as on every host that runs WebAssembly.
 */
export interface WeightTensor {
  /** The element type in the file: `F32`, `F16`, ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row-major. A view of the file's bytes if they are aligned F32 numbers, otherwise a copy. */
  readonly data: Float32Array;
}

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** The part of `node:fs/promises` that is used here, so that it type-checks without Node's types. */
export interface NodeFiles {
  readFile(path: string | URL): Promise<Uint8Array>;
  open(path: string | URL): Promise<NodeFile>;
}

export interface NodeFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** A URL, a path, a `Response` of `fetch`, or bytes in memory. */
export type ByteSource = URL | string | Uint8Array | ArrayBuffer | Response;

/** The place of a source's bytes. */
export type ByteHome =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'disk'; readonly path: string | URL }
  | NetworkHome;

export interface NetworkHome {
  readonly kind: 'network';
  readonly url: string | URL;
  /** The response, if the caller has fetched the file. */
  readonly response?: Response;
}

/**
 * The bytes of a URL or a path; bytes in memory are returned without a copy. A string with a scheme is a URL;
 * any other string is a path in Node and a URL relative to the page in a browser.
 */
export async function loadBytes(source: ByteSource): Promise<Uint8Array> {
  const home = locateBytes(source);
  switch (home.kind) {
    case 'memory':
      return home.bytes;
    case 'disk':
      return readFromDisk(home.path);
    case 'network':
      return readBody(await fetchSource(home), home.url);
  }
}

export function locateBytes(source: ByteSource): ByteHome {
  if (ArrayBuffer.isView(source)) {
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    return { kind: 'memory', bytes };
  }
  if (typeof source !== 'string' && !(source instanceof URL)) return locateObject(source);
  // One letter is a drive; a scheme has two or more.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(String(source))?.[1]?.toLowerCase();
  const inline = scheme === 'data' ? /^data:[^,]*;base64,([^]*)$/i.exec(String(source))?.[1] : undefined;
  // Bundlers turn small files into data URLs. They are decoded here, because a page's policy may forbid to fetch them.
  if (inline !== undefined) return { kind: 'memory', bytes: decodeBase64(decodeURIComponent(inline)) };
  const onDisk = runsInNode() && (scheme === undefined || scheme === 'file');
  if (!onDisk) return { kind: 'network', url: source };
  return { kind: 'disk', path: scheme ? new URL(source) : source };
}

/** Recognizes objects by their tags, because they may come from another realm. */
function locateObject(source: ArrayBuffer | Response): ByteHome {
  const tag = Object.prototype.toString.call(source).slice(8, -1);
  if (tag === 'ArrayBuffer' || tag === 'SharedArrayBuffer')
    return { kind: 'memory', bytes: new Uint8Array(source as ArrayBuffer) };
  if (tag !== 'Response') throw new Error(`cannot read ${tag}: expected a URL, a path, bytes or a Response`);
  const response = source as Response;
  return { kind: 'network', url: response.url || 'the Response', response };
}

/**
 * The place of a file of the package. `import.meta.url` is missing on some hosts, such as workerd, and in bundles that
 * are not ES modules; then the error names the option of `load` to use instead.
 */
export function findFile<T>(name: string, option: 'weights' | 'kernels', find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw new Error(
      `${name}: cannot find the ${option}, because import.meta.url is missing here: ` +
        `pass them to load({ ${option} }), or compile the package with --inline all`,
      { cause: error },
    );
  }
}

export function decodeBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

function runsInNode(): boolean {
  const host = globalThis as { process?: { versions?: { node?: string } } };
  return host.process?.versions?.node !== undefined;
}

export async function nodeFiles(): Promise<NodeFiles> {
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['node:fs', 'promises'].join('/');
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as NodeFiles;
}

/** The error for a file that cannot be opened or read. */
export const cannotRead = (path: string | URL, error: unknown): Error =>
  new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error });

async function readFromDisk(path: string | URL): Promise<Uint8Array> {
  const files = await nodeFiles();
  try {
    const { buffer, byteOffset, byteLength } = await files.readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The error for a download that fails, at its start or later. */
export const cannotFetch = (url: string | URL, error: unknown): Error =>
  new Error(`cannot fetch ${url}: ${messageOf(error)}`, { cause: error });

export async function fetchSource({ url, response: given }: NetworkHome): Promise<Response> {
  if (given?.bodyUsed) throw new Error(`cannot fetch ${url}: the body of this Response was read before`);
  const response =
    given ??
    (await fetch(url).catch((error: unknown) => {
      throw cannotFetch(url, error);
    }));
  if (!response.ok) {
    throw new Error(
      `cannot fetch ${url}: the server answered ${response.status} ${response.statusText}`.trim(),
    );
  }
  return response;
}

export async function readBody(response: Response, url: string | URL): Promise<Uint8Array> {
  const bytes = await response.arrayBuffer().catch((error: unknown) => {
    throw cannotFetch(url, error);
  });
  return new Uint8Array(bytes);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The size of the number that a safetensors file begins with: the length of its header. */
export const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;

export interface ElementType {
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}

const ELEMENT_TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ['F32', { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  ['F16', { bytes: 2, read: (view, offset) => halfToNumber(view.getUint16(offset, true)) }],
  ['BF16', { bytes: 2, read: (view, offset) => bitsToNumber(view.getUint16(offset, true) << 16) }],
  ['F64', { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) }],
  ['I64', { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) }],
  ['I32', { bytes: 4, read: (view, offset) => view.getInt32(offset, true) }],
  ['U8', { bytes: 1, read: (view, offset) => view.getUint8(offset) }],
]);

/** The tensors by name, in the header's order. They may share memory with `bytes`. */
export function parseSafetensors(bytes: Uint8Array): Map<string, WeightTensor> {
  const { header, dataStart } = parseHeader(bytes);
  return new Map(
    [...readEntries(header)].map(([name, entry]) => [name, readTensor(bytes, dataStart, name, entry)]),
  );
}

/** The metadata that `serializeSafetensors` has written; empty if there is none. */
export function readMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  return (parseHeader(bytes).header['__metadata__'] ?? {}) as Record<string, string>;
}

/** A tensor as the header describes it. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Range in bytes from the beginning of the data, which follows the header. */
  readonly start: number;
  readonly end: number;
  readonly element: ElementType;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  const dataStart = LENGTH_BYTES + headerLength(bytes);
  if (dataStart > bytes.byteLength) throw truncatedHeader(dataStart, bytes.byteLength);
  return { header: readHeader(bytes.subarray(LENGTH_BYTES, dataStart)), dataStart };
}

/** The header's length, which the first 8 bytes hold. Further bytes are only quoted if this is no safetensors file. */
export function headerLength(bytes: Uint8Array): number {
  const size = bytes.byteLength;
  if (size < LENGTH_BYTES) throw new Error(`safetensors: the file is truncated: it has ${size} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, size).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES)
    throw new Error(`safetensors: this is not a safetensors file, it begins with ${quoteStart(bytes)}`);
  return length;
}

export const truncatedHeader = (needed: number, size: number): Error =>
  new Error(
    `safetensors: the file is truncated: its header ends at byte ${needed}, but it has ${size} bytes`,
  );

export const truncatedTensor = (name: string, needed: number, size: number): Error =>
  new Error(
    `safetensors: the file is truncated: tensor \`${name}\` ends at byte ${needed}, but it has ${size} bytes`,
  );

/** Parses the header from its bytes, without the length that precedes them. */
export function readHeader(bytes: Uint8Array): Record<string, unknown> {
  const header = parseJson(bytes);
  if (!isObject(header)) throw new Error('safetensors: the header is not a JSON object');
  return header;
}

/** The tensors by name, in the header's order. Each entry is checked on its own. */
export function readEntries(header: Readonly<Record<string, unknown>>): Map<string, TensorEntry> {
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(entries.map(([name, entry]) => [name, readEntry(name, entry)]));
}

function readEntry(name: string, entry: unknown): TensorEntry {
  if (!isHeaderEntry(entry)) throw new Error(`safetensors: the entry of \`${name}\` is malformed`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const element = ELEMENT_TYPES.get(dtype);
  if (!element) throw new Error(`safetensors: \`${name}\` has the type ${dtype}, which is not supported`);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const [start, end] = offsets;
  if (end - start !== size * element.bytes) {
    throw new Error(`safetensors: the offsets of \`${name}\` do not span ${dtype}[${shape.join(',')}]`);
  }
  return { dtype, shape, start, end, element };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first characters of a file: they show, for example, that an HTML page was sent instead. */
function quoteStart(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 24));
  return JSON.stringify(start.replace(/[^\x20-\x7e]/g, '.'));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    // A copy, because TextDecoder rejects views of shared memory.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice()));
  } catch {
    return undefined;
  }
}

function readTensor(bytes: Uint8Array, dataStart: number, name: string, entry: TensorEntry): WeightTensor {
  const { dtype, shape } = entry;
  const end = dataStart + entry.end;
  if (end > bytes.byteLength) throw truncatedTensor(name, end, bytes.byteLength);
  return { dtype, shape, data: readNumbers(bytes.subarray(dataStart + entry.start, end), entry) };
}

function isHeaderEntry(value: unknown): value is HeaderEntry {
  if (!isObject(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  const areCounts = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((item) => Number.isSafeInteger(item) && item >= 0);
  return typeof dtype === 'string' && areCounts(shape) && areCounts(offsets) && offsets.length === 2;
}

/** The numbers of one tensor, from its bytes. */
export function readNumbers(bytes: Uint8Array, { dtype, element }: TensorEntry): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const size = byteLength / element.bytes;
  if (dtype === 'F32' && byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, size);
  const view = new DataView(buffer, byteOffset, byteLength);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = element.read(view, i * element.bytes);
  return values;
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsToNumber(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** Shifting the bits of a half into a float leaves the exponent 112 too small, also for subnormal numbers. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) return magnitude === 0x7c00 ? sign * Infinity : NaN;
  return sign * bitsToNumber(magnitude << 13) * 2 ** 112;
}

/**
 * Writes the tensors in the given order and `metadata` sorted by key; the data begins at a multiple of 8 bytes.
 * Two equal names, or a length that does not match the shape, throw an `Error`.
 */
export function serializeSafetensors(
  entries: Iterable<WeightEntry>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const list = [...entries];
  const header = new TextEncoder().encode(formatHeader(list, metadata));
  const dataStart = Math.ceil((LENGTH_BYTES + header.byteLength) / 8) * 8;
  const bytes = new Uint8Array(list.reduce((sum, { data }) => sum + data.byteLength, dataStart));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  bytes.fill(0x20, LENGTH_BYTES, dataStart).set(header, LENGTH_BYTES);
  let offset = dataStart;
  for (const { data } of list) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/** Printed as text, because an object would put names such as `0` first and lose `__proto__`. */
function formatHeader(list: readonly WeightEntry[], metadata: Readonly<Record<string, string>>): string {
  const parts: string[] = [];
  const keys = Object.keys(metadata).sort();
  const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
  if (pairs.length > 0) parts.push(`"__metadata__":{${pairs.join(',')}}`);
  const names = new Set(['__metadata__']);
  let offset = 0;
  for (const { name, shape, data } of list) {
    if (names.has(name)) throw new Error(`safetensors: cannot write two tensors named \`${name}\``);
    if (data.length !== shape.reduce((product, extent) => product * extent, 1)) {
      throw new Error(
        `safetensors: cannot write \`${name}\`: it has ${data.length} numbers for the shape [${shape.join(',')}]`,
      );
    }
    names.add(name);
    const dtype = Object.prototype.toString.call(data) === '[object Int32Array]' ? 'I32' : 'F32';
    const span = `[${offset},${(offset += data.byteLength)}]`;
    parts.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":${span}}`,
    );
  }
  return `{${parts.join(',')}}`;
}
