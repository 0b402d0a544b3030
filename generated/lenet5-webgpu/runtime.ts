// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/** The arrays that a package takes and returns. */
type NumberArray = Float32Array | Int32Array | Uint32Array;

/** Values by the names of inputs, outputs or parameters. */
type Named<T> = Readonly<Record<string, T>>;

/** The array type for each element type. */
const ARRAY_TYPES = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;

/**
 * Checks of a generated module's arguments. They work in Node and in browsers. Each function returns if the argument is
 * right. Otherwise it throws an `Error` before anything runs:
 *
 *     resnet18.forward: input `image` needs 150528 numbers (1x3x224x224), got 100
 */
interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
  /** Default `f32`. */
  readonly dtype?: 'f32' | 'i32' | 'u32';
}

/** The kind of argument, as error messages name it. */
type Role = 'input' | 'gradient' | 'out' | 'parameter';

const article = (type: string): string => (/^[AEIO]/.test(type) ? `an ${type}` : `a ${type}`);

/** Checks one array. `call` names the called function for errors: `resnet18.forward`. */
function checkInput(call: string, expected: Expected, value: unknown, role: Role = 'input'): void {
  const { name, shape, dtype = 'f32' } = expected;
  const subject = `${call}: ${role} \`${name}\``;
  const size = sizeOf(shape);
  const wanted = `${size} ${size === 1 ? 'number' : 'numbers'} (${shape.join('x') || 'a scalar'})`;
  if (value === undefined || value === null) throw new Error(`${subject} is missing; it needs ${wanted}`);
  const type = typeName(value);
  const needed = ARRAY_TYPES[dtype].name;
  if (type === 'Array')
    throw new Error(`${subject} needs ${article(needed)}, got an array; wrap it: new ${needed}(${name})`);
  if (type !== needed) throw new Error(`${subject} needs ${article(needed)}, got ${describe(value, type)}`);
  const { length } = value as Float32Array;
  if (length !== size) throw new Error(`${subject} needs ${wanted}, got ${length}`);
}

/** Checks an object of arrays by name: none is missing, none is unknown, and each has the expected type and length. */
function checkInputs(
  call: string,
  expected: readonly Expected[],
  values: unknown,
  role: Role = 'input',
): void {
  const names = expected.map(({ name }) => name);
  const wanted = `{ ${names.join(', ')} }`;
  if (typeName(values) !== 'Object') {
    throw new Error(
      `${call} takes its ${role}s by name, ${wanted}, got ${describe(values, typeName(values))}`,
    );
  }
  const given = values as Readonly<Record<string, unknown>>;
  // Unknown names come first: a misspelt name is also missing, and only this error shows what was written.
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`${call}: there is no ${role} \`${unknown}\`; it takes ${wanted}`);
  for (const one of expected) checkInput(call, one, given[one.name], role);
}

/** Refuses options of `load` that the package does not have. Options that are undefined count as absent. */
export function checkLoadOptions(model: string, options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    if (name === 'training')
      throw new Error(`${model}.load: this package does not train; compile it with --train`);
    const near = nearestName(name, known);
    const hint = near ? `, did you mean \`${near}\`?` : `; the options are ${known.join(', ')}`;
    throw new Error(`${model}.load: there is no option \`${name}\`${hint}`);
  }
}

/** The known name that a misspelt one resembles most, if it resembles one. */
function nearestName(wrong: string, known: readonly string[]): string | undefined {
  const distances = known.map((name) => editDistance(wrong.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= wrong.length / 3 ? known[distances.indexOf(least)] : undefined;
}

/** The number of letters to change, add or remove. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** The type by its tag. `instanceof` would fail for arrays from another frame or from a test runner's realm. */
const typeName = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

function describe(value: unknown, type: string): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `the string ${JSON.stringify(value)}` : article(type);
}

/**
 * Weights as bytes and as arrays. `loadBytes` fetches a file wherever the module runs; `parseSafetensors`
 * and `serializeSafetensors` read and write the safetensors format. Self-contained; works in Node and in
 * browsers. A file that is missing, truncated or malformed throws an `Error` that says why.
 * Numbers are little-endian, as on every host that runs WebAssembly.
 */
interface WeightTensor {
  /** The element type in the file: `F32`, `F16`, ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row-major. A view of the file's bytes if they are aligned F32 numbers, otherwise a copy. */
  readonly data: Float32Array;
}

/** The part of `node:fs/promises` that is used here, so that it type-checks without Node's types. */
interface NodeFiles {
  readFile(path: string | URL): Promise<Uint8Array>;
  open(path: string | URL): Promise<NodeFile>;
}

interface NodeFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** A URL, a path, a `Response` of `fetch`, or bytes in memory. */
type ByteSource = URL | string | Uint8Array | ArrayBuffer | Response;

/** The place of a source's bytes. */
type ByteHome =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'disk'; readonly path: string | URL }
  | NetworkHome;

interface NetworkHome {
  readonly kind: 'network';
  readonly url: string | URL;
  /** The response, if the caller has fetched the file. */
  readonly response?: Response;
}

/**
 * The bytes of a URL or a path; bytes in memory are returned without a copy. A string with a scheme is a URL;
 * any other string is a path in Node and a URL relative to the page in a browser.
 */
async function loadBytes(source: ByteSource): Promise<Uint8Array> {
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

function locateBytes(source: ByteSource): ByteHome {
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

function decodeBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

function runsInNode(): boolean {
  const host = globalThis as { process?: { versions?: { node?: string } } };
  return host.process?.versions?.node !== undefined;
}

async function nodeFiles(): Promise<NodeFiles> {
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['node:fs', 'promises'].join('/');
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as NodeFiles;
}

/** The error for a file that cannot be opened or read. */
const cannotRead = (path: string | URL, error: unknown): Error =>
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
const cannotFetch = (url: string | URL, error: unknown): Error =>
  new Error(`cannot fetch ${url}: ${messageOf(error)}`, { cause: error });

async function fetchSource({ url, response: given }: NetworkHome): Promise<Response> {
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

async function readBody(response: Response, url: string | URL): Promise<Uint8Array> {
  const bytes = await response.arrayBuffer().catch((error: unknown) => {
    throw cannotFetch(url, error);
  });
  return new Uint8Array(bytes);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The size of the number that a safetensors file begins with: the length of its header. */
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;

interface ElementType {
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
function parseSafetensors(bytes: Uint8Array): Map<string, WeightTensor> {
  const { header, dataStart } = parseHeader(bytes);
  return new Map(
    [...readEntries(header)].map(([name, entry]) => [name, readTensor(bytes, dataStart, name, entry)]),
  );
}

/** A tensor as the header describes it. */
interface TensorEntry {
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
function headerLength(bytes: Uint8Array): number {
  const size = bytes.byteLength;
  if (size < LENGTH_BYTES) throw new Error(`safetensors: the file is truncated: it has ${size} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, size).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES)
    throw new Error(`safetensors: this is not a safetensors file, it begins with ${quoteStart(bytes)}`);
  return length;
}

const truncatedHeader = (needed: number, size: number): Error =>
  new Error(
    `safetensors: the file is truncated: its header ends at byte ${needed}, but it has ${size} bytes`,
  );

const truncatedTensor = (name: string, needed: number, size: number): Error =>
  new Error(
    `safetensors: the file is truncated: tensor \`${name}\` ends at byte ${needed}, but it has ${size} bytes`,
  );

/** Parses the header from its bytes, without the length that precedes them. */
function readHeader(bytes: Uint8Array): Record<string, unknown> {
  const header = parseJson(bytes);
  if (!isObject(header)) throw new Error('safetensors: the header is not a JSON object');
  return header;
}

/** The tensors by name, in the header's order. Each entry is checked on its own. */
function readEntries(header: Readonly<Record<string, unknown>>): Map<string, TensorEntry> {
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
function readNumbers(bytes: Uint8Array, { dtype, element }: TensorEntry): Float32Array {
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

/** Compares the tensors of a weight file with those that a model has. */
interface Shaped {
  readonly shape: readonly number[];
}

interface NamedShape extends Shaped {
  readonly name: string;
}

interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

interface FittedTensors {
  /** Names in the file by names in the model, for the tensors that fit. */
  readonly stored: ReadonlyMap<string, string>;
  /** Tensors of the model that the file lacks or has with another shape. */
  readonly left: readonly LeftOut[];
  /** Tensors of the file that the model does not have. Counters of batches are not among them. */
  readonly extra: readonly LeftOut[];
}

/** Names in the file may begin with `module.` (PyTorch's DataParallel). */
function fitTensors(wanted: readonly NamedShape[], file: ReadonlyMap<string, Shaped>): FittedTensors {
  const names = new Map([...file.keys()].map((name) => [name.replace(/^module\./, ''), name]));
  const stored = new Map<string, string>();
  const left: LeftOut[] = [];
  for (const { name, shape } of wanted) {
    const own = names.get(name);
    const found = own === undefined ? undefined : file.get(own)!.shape;
    if (found?.join() === shape.join()) stored.set(name, own!);
    else if (!found) left.push({ name, reason: 'missing in the file' });
    else left.push({ name, reason: `the file has [${found.join(',')}], the model has [${shape.join(',')}]` });
  }
  const known = new Set(wanted.map(({ name }) => name));
  const others = [...names.keys()].filter(
    (name) => !known.has(name) && !name.endsWith('num_batches_tracked'),
  );
  return { stored, left, extra: others.map((name) => ({ name, reason: 'not in the model' })) };
}

/** The error for a file that does not fit. */
function refuseTensors(
  call: string,
  left: readonly LeftOut[],
  found = 'the file does not fit the model',
): never {
  const problems = left.map(({ name, reason }) => `\n  ${name}: ${reason}`).join('');
  throw new Error(`${call}: ${found}${problems}`);
}

/**
 * Loads weights into a package that folds and packs them itself. Its `prepare` is a generator: before each group of
 * kernel calls it yields the names of the tensors that must be in their places. Places are used several times, so
 * tensors are read right then. Any safetensors file with the model's names and shapes will do, such as a state dict of
 * PyTorch or what `exportWeights()` of a trainer returns; tensors that the model does not use are skipped. A package with
 * fixed weights takes only its own file, which has other names.
 */

/** The names of all tensors in a file. Throws if the file lacks one or has another shape. */
function namesInFile(
  call: string,
  tensors: readonly NamedShape[],
  file: ReadonlyMap<string, Shaped>,
  flag?: string,
): ReadonlyMap<string, string> {
  const { stored, left } = fitTensors(tensors, file);
  const others = `the package was compiled with ${flag}, so it only takes its own weight file`;
  if (left.length > 0) refuseTensors(call, left, flag && others);
  return stored;
}

/** Turns a network's output into ranked labels. Self-contained; works in Node and in browsers. */
export interface Ranked {
  readonly index: number;
  /** The label of that index, or the index as text if there are no labels. */
  readonly label: string;
  readonly probability: number;
}

/**
 * The `k` most probable classes from one vector of logits, best first; equal logits are sorted by index. If
 * there are fewer than `k` classes, all are returned. With `probabilities: true` the values are probabilities
 * already and get no softmax.
 */
export function topK(
  values: ArrayLike<number>,
  k: number,
  labels?: readonly string[],
  options: { readonly probabilities?: boolean } = {},
): Ranked[] {
  if (!Number.isSafeInteger(k) || k < 1)
    throw new Error(`topK: k must be a whole number of at least 1, got ${k}`);
  if (labels && labels.length !== values.length) {
    throw new Error(
      `topK: there are ${values.length} values but ${labels.length} labels; there must be one label for each value`,
    );
  }
  const numbers = Array.from(values);
  const wrong = numbers.findIndex(Number.isNaN);
  if (wrong >= 0) throw new Error(`topK: value ${wrong} is NaN`);
  const probabilities = options.probabilities ? numbers : softmax(numbers);
  // Sorted by the logits: they can differ where the probabilities are equal after rounding.
  const order = numbers.map((_, index) => index).sort((a, b) => numbers[b]! - numbers[a]! || a - b);
  return order.slice(0, k).map((index) => ({
    index,
    label: labels?.[index] ?? String(index),
    probability: probabilities[index]!,
  }));
}

function softmax(logits: readonly number[]): number[] {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * Turns pixels into a network's input. Self-contained; works in Node and in browsers. Resizing gives the same
 * bits as PIL's antialiased bilinear filter, which torchvision's `Resize` uses on images: a triangle filter
 * that widens when it shrinks the image, first horizontal, then vertical, with 8-bit values between the two.
 */
interface Preprocess {
  /** Extents of the network's input. */
  readonly width: number;
  readonly height: number;
  /**
   * `shortSide` (default): keeps the proportions, then crops the centre. `stretch`: resizes to exactly
   * `width` x `height`. `none`: only crops the centre.
   */
  readonly resize?: 'shortSide' | 'stretch' | 'none';
  /** The length of the shorter side after `shortSide`; default: the larger of `width` and `height`. */
  readonly shortSide?: number;
  /** The planes of the output, in order. `gray` is the luma of ITU-R 601, like PIL's `L`. */
  readonly channels: 'rgb' | 'bgr' | 'gray';
  /** `value = (level * scale - mean) / std`, level 0 to 255; default 1/255. */
  readonly scale?: number;
  /** One per plane, in the order of `channels`; default 0. */
  readonly mean?: readonly number[];
  /** One per plane, in the order of `channels`; default 1. */
  readonly std?: readonly number[];
  /** Levels become `255 - level`: for networks that learned white on black. */
  readonly invert?: boolean;
}

/**
 * Turns an image into planes, f32[channels,height,width], and returns them, in `out` if it is given. `pixels`
 * are 8-bit and interleaved, row after row: gray, RGB or RGBA, recognized by their number. Alpha is blended
 * over white. A wrong number of pixels or a wrong option throws an `Error`.
 */
function preprocess(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  options: Preprocess,
  out?: Float32Array,
): Float32Array {
  const planes = options.channels === 'gray' ? 1 : 3;
  checkOptions(options, planes);
  const size = options.width * options.height * planes;
  if (out && out.length !== size) {
    throw new Error(`preprocess: \`out\` needs ${size} numbers, got ${out.length}`);
  }
  const image = toLevels(pixels, width, height, planes);
  const cut = resample(image, placeCrop(width, height, options));
  return normalize(cut, options, planes, out ?? new Float32Array(size));
}

/** 8-bit levels, interleaved; one channel for gray, three for colour. */
interface Levels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

function checkOptions(options: Preprocess, planes: number): void {
  const extents = [options.width, options.height, options.shortSide ?? 1];
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new Error('preprocess: width, height and shortSide must be whole numbers above 0');
  }
  for (const name of ['mean', 'std'] as const) {
    const list = options[name];
    if (!list) continue;
    if (list.length !== planes || !list.every(Number.isFinite)) {
      throw new Error(
        `preprocess: ${name} needs ${planes} numbers for ${options.channels}, got [${list.join(', ')}]`,
      );
    }
  }
  if (options.std?.includes(0)) throw new Error('preprocess: std must not be 0');
}

function toLevels(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  planes: number,
): Levels {
  const count = width * height;
  const perPixel = pixels.length / count;
  if (!(count > 0) || (perPixel !== 1 && perPixel !== 3 && perPixel !== 4)) {
    const sizes = [1, 3, 4].map((channels) => count * channels).join(', ');
    throw new Error(
      `preprocess: an image of ${width}x${height} has ${sizes} bytes (gray, RGB, RGBA), got ${pixels.length}`,
    );
  }
  if (perPixel === 1) return { data: pixels, width, height, channels: 1 };
  const rgb = perPixel === 4 ? flattenAlpha(pixels, count) : pixels;
  if (planes === 3) return { data: rgb, width, height, channels: 3 };
  return { data: toGray(rgb, count), width, height, channels: 1 };
}

function flattenAlpha(rgba: Uint8Array | Uint8ClampedArray, count: number): Uint8Array {
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const alpha = rgba[i * 4 + 3]!;
    const white = 255 * (255 - alpha) + 127;
    rgb[i * 3] = ((rgba[i * 4]! * alpha + white) / 255) | 0;
    rgb[i * 3 + 1] = ((rgba[i * 4 + 1]! * alpha + white) / 255) | 0;
    rgb[i * 3 + 2] = ((rgba[i * 4 + 2]! * alpha + white) / 255) | 0;
  }
  return rgb;
}

/** Gray by PIL's integer weights for `L`: 0.299, 0.587 and 0.114 in 16 bits. */
function toGray(rgb: Uint8Array | Uint8ClampedArray, count: number): Uint8Array {
  const gray = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    gray[i] = (rgb[i * 3]! * 19595 + rgb[i * 3 + 1]! * 38470 + rgb[i * 3 + 2]! * 7471 + 0x8000) >> 16;
  }
  return gray;
}

/** The part `[first, first + count)` of an axis that is resized to `size`. */
interface AxisCrop {
  readonly size: number;
  readonly first: number;
  readonly count: number;
}

function placeCrop(width: number, height: number, options: Preprocess): { x: AxisCrop; y: AxisCrop } {
  const [w, h] = resizedExtents(width, height, options);
  if (w < options.width || h < options.height) {
    throw new Error(
      `preprocess: an image of ${width}x${height} becomes ${w}x${h}, too small to cut ` +
        `${options.width}x${options.height} out of it`,
    );
  }
  const crop = (size: number, count: number): AxisCrop => ({ size, first: halfToEven(size - count), count });
  return { x: crop(w, options.width), y: crop(h, options.height) };
}

function resizedExtents(width: number, height: number, options: Preprocess): [number, number] {
  const mode = options.resize ?? 'shortSide';
  switch (mode) {
    case 'none':
      return [width, height];
    case 'stretch':
      return [options.width, options.height];
    case 'shortSide': {
      const short = options.shortSide ?? Math.max(options.width, options.height);
      // torchvision truncates the longer side.
      return width < height
        ? [short, Math.trunc((short * height) / width)]
        : [Math.trunc((short * width) / height), short];
    }
    default:
      throw new Error(
        `preprocess: resize must be shortSide, stretch or none, got ${String(mode satisfies never)}`,
      );
  }
}

/** Python's `round(margin / 2)`, which torchvision's centre crop uses. */
function halfToEven(margin: number): number {
  const down = Math.floor(margin / 2);
  return margin % 2 === 1 && down % 2 === 1 ? down + 1 : down;
}

/** The taps of each kept position of an axis: the first source index, the number of taps, and their weights. */
interface Taps {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** Fixed point with `PRECISION` bits; each position has `stride` entries. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** PIL's precision: 32 bits minus 8 for the level and 2 for the sign and the overshoot of other filters. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

function triangleTaps(source: number, axis: AxisCrop): Taps {
  const scale = source / axis.size;
  const support = Math.max(scale, 1);
  const narrowing = 1 / support;
  const stride = Math.ceil(support) * 2 + 1;
  const taps: Taps = {
    first: new Int32Array(axis.count),
    counts: new Int32Array(axis.count),
    weights: new Int32Array(axis.count * stride),
    stride,
  };
  for (let i = 0; i < axis.count; i++) {
    const centre = (axis.first + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(source, Math.trunc(centre + support + 0.5)) - first;
    const values = Array.from({ length: count }, (_, tap) =>
      Math.max(0, 1 - Math.abs((first + tap - centre + 0.5) * narrowing)),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    taps.first[i] = first;
    taps.counts[i] = count;
    taps.weights.set(
      values.map((value) => Math.trunc(0.5 + (value / sum) * (1 << PRECISION))),
      i * stride,
    );
  }
  return taps;
}

function resample(image: Levels, crop: { x: AxisCrop; y: AxisCrop }): Levels {
  const x = triangleTaps(image.width, crop.x);
  const y = triangleTaps(image.height, crop.y);
  const { channels } = image;
  const rowLength = crop.x.count * channels;
  const [firstRow, lastRow] = rowsRead(y);
  const rows = new Uint8Array((lastRow - firstRow) * rowLength);
  for (let row = firstRow; row < lastRow; row++) {
    const source = image.data.subarray(row * image.width * channels, (row + 1) * image.width * channels);
    const start = (row - firstRow) * rowLength;
    resampleRow(source, x, channels, rows.subarray(start, start + rowLength));
  }
  const data = new Uint8Array(crop.y.count * rowLength);
  for (let i = 0; i < crop.y.count; i++)
    blendRows(rows, y, i, firstRow, data.subarray(i * rowLength, (i + 1) * rowLength));
  return { data, width: crop.x.count, height: crop.y.count, channels };
}

/** The rows `[first, last)` that the vertical pass reads. */
function rowsRead({ first, counts }: Taps): [number, number] {
  return [first[0]!, Math.max(...first.map((row, i) => row + counts[i]!))];
}

/** Sums stay below 2^31. With `| 0` and `imul` engines compute them as integers. */
function resampleRow(
  source: Uint8Array | Uint8ClampedArray,
  { first, counts, weights, stride }: Taps,
  channels: 1 | 3,
  out: Uint8Array,
): void {
  for (let i = 0; i < first.length; i++) {
    let [r, g, b] = [HALF, HALF, HALF];
    let from = first[i]! * channels;
    for (let tap = i * stride; tap < i * stride + counts[i]!; tap++, from += channels) {
      const weight = weights[tap]!;
      r = (r + Math.imul(source[from]!, weight)) | 0;
      if (channels === 1) continue;
      g = (g + Math.imul(source[from + 1]!, weight)) | 0;
      b = (b + Math.imul(source[from + 2]!, weight)) | 0;
    }
    out[i * channels] = toLevel(r);
    if (channels === 1) continue;
    out[i * channels + 1] = toLevel(g);
    out[i * channels + 2] = toLevel(b);
  }
}

/** Writes row `i` of the vertical pass to `out`; `rows` begin with source row `firstRow`. */
function blendRows(rows: Uint8Array, taps: Taps, i: number, firstRow: number, out: Uint8Array): void {
  const sums = new Int32Array(out.length).fill(HALF);
  let from = (taps.first[i]! - firstRow) * out.length;
  for (let tap = 0; tap < taps.counts[i]!; tap++, from += out.length) {
    const weight = taps.weights[i * taps.stride + tap]!;
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x]! + Math.imul(rows[from + x]!, weight)) | 0;
  }
  for (let x = 0; x < sums.length; x++) out[x] = toLevel(sums[x]!);
}

const toLevel = (sum: number): number => Math.min(sum >> PRECISION, 255);

/** A level has only 256 values, so every plane is a table look-up. */
function normalize(image: Levels, options: Preprocess, planes: number, out: Float32Array): Float32Array {
  const area = image.width * image.height;
  for (let plane = 0; plane < planes; plane++) {
    const table = levelTable(options, plane);
    const channel = options.channels === 'bgr' ? 2 - plane : plane;
    const offset = image.channels === 1 ? 0 : channel;
    for (let i = 0; i < area; i++) out[plane * area + i] = table[image.data[i * image.channels + offset]!]!;
  }
  return out;
}

/** The value of each level in a plane, rounded to f32 after every step like torchvision's tensors. */
function levelTable(options: Preprocess, plane: number): Float32Array {
  const scale = options.scale ?? 1 / 255;
  const mean = Math.fround(options.mean?.[plane] ?? 0);
  const std = Math.fround(options.std?.[plane] ?? 1);
  return Float32Array.from({ length: 256 }, (_, level) => {
    const scaled = Math.fround((options.invert ? 255 - level : level) * scale);
    return Math.fround(scaled - mean) / std;
  });
}

/**
 * The images that a package takes: their types, if TypeScript knows the host's classes, their checks, and their pixels.
 * An image that is not pixels already is drawn to a canvas in its natural size. Every error is an `Error` that begins
 * with the name of the called function. Needs a canvas for images other than pixels, and nothing else of the host.
 */
/** The host's class of this name, if TypeScript knows it. */
type HostImage<Name extends string> = typeof globalThis extends {
  readonly [K in Name]: { readonly prototype: infer Known };
}
  ? Known
  : never;

/**
 * 8-bit pixels, row after row: an ImageData, or bytes from a decoder. They are gray, RGB or RGBA, recognized by their
 * number.
 */
interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** An image: pixels, or an object of the web. */
export type ImageSource =
  | Pixels
  | HostImage<'HTMLCanvasElement'>
  | HostImage<'HTMLImageElement'>
  | HostImage<'HTMLVideoElement'>
  | HostImage<'ImageBitmap'>
  | HostImage<'OffscreenCanvas'>
  | HostImage<'VideoFrame'>;

type Extents = readonly [width: number, height: number];

/** Classes of images by their tags, which are the same in every frame, and the fields that hold their size. */
const IMAGE_SOURCES: Readonly<Record<string, readonly [string, string]>> = {
  HTMLCanvasElement: ['width', 'height'],
  HTMLImageElement: ['naturalWidth', 'naturalHeight'],
  HTMLVideoElement: ['videoWidth', 'videoHeight'],
  ImageBitmap: ['width', 'height'],
  OffscreenCanvas: ['width', 'height'],
  VideoFrame: ['displayWidth', 'displayHeight'],
};

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const isPixels = (value: unknown): value is Pixels =>
  Object(value) === value && 'data' in (value as object);

/** The size of an image. Throws if the value is no image, or an image without pixels. */
function imageExtents(call: string, image: unknown): Extents {
  const names = IMAGE_SOURCES[tagOf(image)] ?? (isPixels(image) ? (['width', 'height'] as const) : undefined);
  if (!names) {
    const kinds = Object.keys(IMAGE_SOURCES).join(', ');
    throw new Error(
      `${call} takes an image (${kinds}, or 8-bit pixels as { data, width, height }), got ${tagOf(image)}`,
    );
  }
  const [width, height] = names.map((name) => (image as Record<string, number>)[name]) as [number, number];
  const size = `${width}x${height}`;
  if (![width, height].every((extent) => Number.isSafeInteger(extent) && extent > 0))
    throw new Error(
      `${call}: an image of ${size} has no pixels: load it before the call, and do not close it`,
    );
  if (isPixels(image)) checkPixels(call, image, size);
  return [width, height];
}

function checkPixels(call: string, { data, width, height }: Pixels, size: string): void {
  const tag = tagOf(data);
  if (tag !== 'Uint8Array' && tag !== 'Uint8ClampedArray')
    throw new Error(`${call}: \`data\` needs a Uint8Array or Uint8ClampedArray, got ${tag}`);
  const counts = [1, 3, 4].map((channels) => width * height * channels);
  if (!counts.includes(data.length))
    throw new Error(
      `${call}: an image of ${size} has ${counts.join(', ')} bytes (gray, RGB, RGBA), got ${data.length}`,
    );
}

/**
 * The function `preprocess` of a package. It has two forms: `preprocess(image, out?)` and
 * `preprocess(pixels, width, height, out?)`.
 */
export function preprocessImage(
  call: string,
  options: Preprocess,
  image: ImageSource | Uint8Array | Uint8ClampedArray,
  widthOrOut?: number | Float32Array,
  height?: number,
  out?: Float32Array,
): Float32Array {
  if (typeof widthOrOut === 'number')
    return preprocess(image as Uint8Array, widthOrOut, height!, options, out);
  const extents = imageExtents(call, image);
  const { data } = isPixels(image) ? image : draw(call, image, extents);
  return preprocess(data, ...extents, options, widthOrOut);
}

/** The parts of a canvas that are used. */
interface Context {
  drawImage(image: unknown, x: number, y: number, width: number, height: number): unknown;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}

interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d', options: { readonly willReadFrequently: boolean }): Context | null;
}

interface CanvasHost {
  readonly OffscreenCanvas?: new (width: number, height: number) => Canvas;
  readonly document?: { createElement(name: 'canvas'): Canvas };
}

function draw(call: string, image: unknown, [width, height]: Extents): Pixels {
  const canvas = createCanvas(width, height);
  if (!canvas)
    throw new Error(
      `${call}: there is no canvas here to read the pixels of ${tagOf(image)} with: pass { data, width, height }`,
    );
  // The pixels are read once, so they need not be on a GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(`${call}: an image of ${width}x${height} is too large for a canvas`);
  try {
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    const isForeign = (error as { readonly name?: unknown } | undefined)?.name === 'SecurityError';
    const reason = isForeign
      ? 'it comes from another origin; load it with `crossOrigin` from a server that allows this (CORS)'
      : messageOf(error);
    throw new Error(`${call}: the image cannot be read: ${reason}`, { cause: error });
  }
}

function createCanvas(width: number, height: number): Canvas | undefined {
  const { OffscreenCanvas, document } = globalThis as unknown as CanvasHost;
  if (OffscreenCanvas) return new OffscreenCanvas(width, height);
  return document && Object.assign(document.createElement('canvas'), { width, height });
}

/**
 * The part of WebGPU that a package uses, as separate types, so that it type-checks where TypeScript does not know
 * WebGPU; and the types of a package's kernels, memory and calls. Self-contained.
 */
/** The host's type if TypeScript knows it, otherwise the part of it that is used here. */
type HostType<Name extends string, Otherwise> = typeof globalThis extends {
  readonly [K in Name]: { readonly prototype: infer Known };
}
  ? Known
  : Otherwise;

export type Gpu = HostType<'GPU', GpuLike>;
export type GpuDevice = HostType<'GPUDevice', DeviceLike>;
export type GpuBuffer = HostType<'GPUBuffer', BufferLike>;

interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>;
}

interface GpuLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}

/** `isFallbackAdapter` is true for an adapter that emulates a GPU on the CPU. */
interface AdapterInfo {
  readonly isFallbackAdapter?: boolean;
}

/** Optional features of an adapter or device. */
interface GpuFeatures {
  has(name: GpuFeature): boolean;
}

type GpuFeature = 'shader-f16' | 'subgroups';

interface AdapterLike {
  readonly limits: GpuLimits;
  readonly features: GpuFeatures;
  readonly info?: AdapterInfo;
  requestDevice(options: {
    readonly label: string;
    readonly requiredFeatures: readonly GpuFeature[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<DeviceLike>;
}

interface BufferLike {
  readonly size: number;
  readonly usage: number;
  mapAsync(mode: number): Promise<unknown>;
  getMappedRange(): ArrayBuffer;
  unmap(): unknown;
  destroy(): unknown;
}

export interface GpuLoss {
  /** `destroyed`, or `unknown`. */
  readonly reason: string;
  readonly message: string;
}

/** An object that a device has created and that later calls pass back to it. */
type Handle = object;

interface ModuleLike {
  getCompilationInfo(): Promise<{
    readonly messages: Iterable<{
      readonly type: string;
      readonly lineNum: number;
      readonly message: string;
    }>;
  }>;
}

interface PassLike {
  setPipeline(pipeline: Handle): unknown;
  setBindGroup(index: number, group: Handle): unknown;
  dispatchWorkgroups(columns: number, rows: number): unknown;
  end(): unknown;
}

interface EncoderLike {
  beginComputePass(): PassLike;
  copyBufferToBuffer(from: BufferLike, start: number, to: BufferLike, at: number, bytes: number): unknown;
  clearBuffer(buffer: BufferLike, offset: number, bytes: number): unknown;
  finish(): Handle;
}

interface BindGroupEntry {
  readonly binding: number;
  readonly resource: { readonly buffer: BufferLike; readonly offset: number; readonly size: number };
}

interface LayoutEntry {
  readonly binding: number;
  readonly visibility: number;
  readonly buffer: { readonly type: string; readonly minBindingSize: number };
}

interface DeviceLike {
  readonly limits: GpuLimits;
  readonly features: GpuFeatures;
  readonly adapterInfo?: AdapterInfo;
  readonly lost: Promise<GpuLoss>;
  readonly queue: {
    writeBuffer(buffer: BufferLike, offset: number, data: ArrayBufferView): unknown;
    submit(commands: readonly Handle[]): unknown;
  };
  createBuffer(options: {
    readonly label: string;
    readonly size: number;
    readonly usage: number;
    readonly mappedAtCreation?: boolean;
  }): BufferLike;
  createShaderModule(options: { readonly label: string; readonly code: string }): ModuleLike;
  createBindGroupLayout(options: { readonly entries: readonly LayoutEntry[] }): Handle;
  createPipelineLayout(options: { readonly bindGroupLayouts: readonly Handle[] }): Handle;
  createComputePipelineAsync(options: {
    readonly label: string;
    readonly layout: Handle;
    readonly compute: { readonly module: ModuleLike; readonly entryPoint: string };
  }): Promise<Handle>;
  createBindGroup(options: {
    readonly label: string;
    readonly layout: Handle;
    readonly entries: readonly BindGroupEntry[];
  }): Handle;
  createCommandEncoder(): EncoderLike;
  pushErrorScope(filter: 'validation' | 'out-of-memory'): unknown;
  popErrorScope(): Promise<{ readonly message: string } | null>;
  destroy(): unknown;
}

/** Numbers from WebGPU's specification; Node has no globals for them. */
const USAGE = { mapRead: 1, copyFrom: 4, copyTo: 8, storage: 128 } as const;
const MAP_READ = 1;
const COMPUTE_STAGE = 4;

/**
 * The two families of kernels for convolutions and matrix products; their results differ only in rounding. `tiled`
 * kernels share loaded numbers in the memory of a workgroup, for GPUs. `blocked` kernels use only registers, for CPUs
 * that emulate a GPU.
 */
export type KernelFamily = 'blocked' | 'tiled';

/**
 * The element type of tiles in the memory of a workgroup. Sums are always f32. f16 rounds the factors to eleven bits
 * and ends at 65504.
 */
export type GpuPrecision = 'f32' | 'f16';

/** A shader with the entry point `main`. */
export interface GpuKernel {
  readonly name: string;
  /** The number of columns and rows of workgroups. */
  readonly workgroups: readonly [number, number];
  readonly bindings: readonly GpuBinding[];
  readonly code: string;
  /** The same kernel for devices with the feature `subgroups`, if it can use them. */
  readonly withSubgroups?: string;
}

interface GpuBinding {
  readonly name: string;
  readonly access: 'read' | 'read_write';
  readonly bytes: number;
}

/** A range of one of the package's buffers, in bytes. */
interface GpuRange {
  readonly space: 'arena' | 'weights' | 'staging' | 'halves';
  readonly offset: number;
  readonly bytes: number;
}

/**
 * One dispatch. `layer` is for errors; `ranges` has an entry for each binding: one range, or all that share the
 * binding.
 */
export type Dispatch = (
  layer: string,
  kernel: GpuKernel,
  ranges: readonly (GpuRange | readonly GpuRange[])[],
) => void;

/**
 * Finds a GPU: the caller's device or `gpu`, the host's `navigator.gpu`, or in Node the npm package `webgpu` (Dawn).
 * Only the limits that the model needs are requested, and optional features if the adapter has them. If a limit or
 * WebGPU itself is missing, an `Error` names it; there is no fallback.
 */
interface GpuOptions {
  readonly gpu?: Gpu | undefined;
  readonly device?: GpuDevice | undefined;
  /** Default: `blocked` on an adapter that emulates a GPU on the CPU, otherwise `tiled`. */
  readonly family?: KernelFamily | undefined;
  /** Default: `f32`. With `f16`, `tiled` kernels hold tiles as f16 if the device has `shader-f16`, otherwise as f32. */
  readonly precision?: GpuPrecision | undefined;
  /** Called after each compiled kernel, with the number of compiled kernels and the number of all kernels. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

interface OpenedDevice {
  readonly device: DeviceLike;
  /** Whether the device was created here and is destroyed with the model. */
  readonly isOwn: boolean;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
}

/** The limits that every device has without a request. */
const DEFAULT_LIMITS: GpuLimits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
const LIMIT_NAMES = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/** Opens a device and chooses the kernels for it. `name` is the model's, for errors. */
async function openDevice(
  name: string,
  needed: GpuLimits,
  options: GpuOptions,
): Promise<OpenedDevice> {
  const { gpu, device } = options;
  checkChoice(name, 'family', options.family, ['blocked', 'tiled']);
  checkChoice(name, 'precision', options.precision, ['f32', 'f16']);
  if (device) {
    const given = device as unknown as DeviceLike;
    checkLimits(name, needed, given.limits, 'the given device');
    return { device: given, isOwn: false, ...choose(options, given, given.adapterInfo) };
  }
  const adapter = await ((gpu as unknown as GpuLike) ?? (await findGpu(name))).requestAdapter();
  if (!adapter)
    throw new Error(`${name}: WebGPU finds no adapter: there is no GPU, or no driver that WebGPU can use`);
  checkLimits(name, needed, adapter.limits, 'this GPU');
  const beyond = LIMIT_NAMES.filter((limit) => needed[limit] > DEFAULT_LIMITS[limit]);
  const requiredLimits = Object.fromEntries(beyond.map((limit) => [limit, needed[limit]]));
  const wanted: readonly GpuFeature[] =
    options.precision === 'f16' ? ['subgroups', 'shader-f16'] : ['subgroups'];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  const own = await adapter.requestDevice({ label: name, requiredFeatures, requiredLimits });
  return { device: own, isOwn: true, ...choose(options, own, own.adapterInfo ?? adapter.info) };
}

/** The caller's choices, completed by what the adapter reports. Only `tiled` kernels have f16. */
function choose(
  { family, precision }: GpuOptions,
  { features }: DeviceLike,
  info: AdapterInfo | undefined,
): Pick<OpenedDevice, 'family' | 'precision'> {
  const chosen = family ?? (info?.isFallbackAdapter ? 'blocked' : 'tiled');
  const canBeHalf = chosen === 'tiled' && features.has('shader-f16');
  return { family: chosen, precision: precision === 'f16' && canBeHalf ? 'f16' : 'f32' };
}

function checkChoice(
  name: string,
  option: string,
  given: string | undefined,
  known: readonly string[],
): void {
  if (given === undefined || known.includes(given)) return;
  const names = known.map((one) => `'${one}'`).join(' or ');
  throw new Error(`${name}: ${option} is ${JSON.stringify(given)}, expected ${names}`);
}

function checkLimits(name: string, needed: GpuLimits, limits: GpuLimits, who: string): void {
  for (const limit of LIMIT_NAMES) {
    if (needed[limit] <= limits[limit]) continue;
    throw new Error(`${name} needs a ${limit} of ${needed[limit]} bytes, ${who} has ${limits[limit]}`);
  }
}

interface Host {
  readonly navigator?: { readonly gpu?: GpuLike };
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly isSecureContext?: boolean;
}

async function findGpu(name: string): Promise<GpuLike> {
  const host = globalThis as unknown as Host;
  if (host.navigator?.gpu) return host.navigator.gpu;
  if (host.process?.versions?.node !== undefined) return dawn(name);
  throw new Error(
    host.isSecureContext === false
      ? `${name}: WebGPU needs a secure page: serve it from https or localhost`
      : `${name}: this browser has no WebGPU (navigator.gpu)`,
  );
}

/** The key of one object for all models: a second object would open the driver again. */
const DAWN = Symbol.for('cnnc.webgpu');

async function dawn(name: string): Promise<GpuLike> {
  // Never released: collecting it while a device exists would crash the process.
  const kept = globalThis as unknown as { [DAWN]?: GpuLike };
  if (kept[DAWN]) return kept[DAWN];
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['web', 'gpu'].join('');
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as {
      create(options: readonly string[]): GpuLike;
    };
    return (kept[DAWN] ??= create([]));
  } catch (error) {
    throw new Error(
      `${name}: Node has no WebGPU: npm install webgpu, or pass \`gpu\` or \`device\` to load (${messageOf(error).split('\n', 1)[0]})`,
      { cause: error },
    );
  }
}

/** Chooses the text of a kernel for a device. For f16 one line of the shader is replaced. */

/** The type of tiles in the memory of workgroups. Kernels with tiles are printed with the line for f32. */
const TILES = { f32: 'alias half4 = vec4f;', f16: 'alias half4 = vec4<f16>;' } as const;

function kernelText(kernel: GpuKernel, features: GpuFeatures, precision: GpuPrecision): string {
  const code = (features.has('subgroups') ? kernel.withSubgroups : undefined) ?? kernel.code;
  if (precision === 'f32' || !code.includes(TILES.f32)) return code;
  return `enable f16;\n${code.replace(TILES.f32, TILES.f16)}`;
}

/**
 * Turns a package's kernels and calls into pipelines and bind groups, once. Equal kernels share a pipeline, and all
 * kernels are compiled concurrently. If the GPU rejects one, an `Error` names the kernel and the layer.
 */
interface GpuTensor extends Expected {
  readonly place: GpuRange;
}

/** A phase of a package, such as its `forward.ts`: a function that lists dispatches. */
type Phase = (dispatch: Dispatch, family: KernelFamily) => void;

/** A model on its device. `made` lists the buffers to destroy when it is closed. */
interface GpuSite {
  readonly name: string;
  readonly device: DeviceLike;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  readonly made: BufferLike[];
}

type BufferOf = (space: GpuRange['space']) => BufferLike;

interface Call {
  readonly layer: string;
  readonly kernel: GpuKernel;
  readonly ranges: readonly (GpuRange | readonly GpuRange[])[];
}

interface Compiled {
  readonly pipeline: Handle;
  readonly layout: Handle;
}

/** Compiles the phases. Returns a function that records all their dispatches in order. */
async function compilePhases(
  site: GpuSite,
  bufferOf: BufferOf,
  phases: readonly Phase[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<(pass: PassLike) => void> {
  const calls = callsOf(site, phases);
  const kernels = await compileKernels(site, calls, onProgress);
  const groups = await Promise.all(
    calls.map((call) => bindCall(site, call, bufferOf, kernels.get(call.kernel)!.layout)),
  );
  const steps = calls.map(({ kernel }, i) => {
    const [columns, rows] = kernel.workgroups;
    return { pipeline: kernels.get(kernel)!.pipeline, group: groups[i]!, columns, rows };
  });
  return (pass) => {
    for (const { pipeline, group, columns, rows } of steps) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(columns, rows);
    }
  };
}

/** Compiles the kernels of phases that are compiled later, so that all of them are compiled concurrently. */
async function compileAhead(
  site: GpuSite,
  phases: readonly Phase[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  await compileKernels(site, callsOf(site, phases), onProgress ?? (() => {}));
}

function callsOf({ family }: GpuSite, phases: readonly Phase[]): Call[] {
  const calls: Call[] = [];
  for (const phase of phases) phase((layer, kernel, ranges) => calls.push({ layer, kernel, ranges }), family);
  return calls;
}

/** Creates a buffer. Throws if the GPU has no memory for it. */
async function createBuffer(
  { name, device, made }: GpuSite,
  options: Parameters<DeviceLike['createBuffer']>[0],
): Promise<BufferLike> {
  const full = (cause?: unknown): Error =>
    new Error(`${name}: the GPU has no memory for ${options.size} bytes (${options.label})`, { cause });
  device.pushErrorScope('out-of-memory');
  let buffer: BufferLike | undefined;
  let refused: unknown;
  try {
    buffer = device.createBuffer(options);
    // Listed now, because the model may be closed before the GPU answers.
    made.push(buffer);
  } catch (error) {
    refused = error;
  }
  const error = await popError(device);
  if (!buffer || error) throw full(refused ?? error?.message);
  return buffer;
}

/** The error of the scope, or null. The promise is rejected only if the device is lost, which is reported elsewhere. */
const popError = (device: DeviceLike): Promise<{ readonly message: string } | null> =>
  device.popErrorScope().catch(() => null);

async function compileKernels(
  site: GpuSite,
  calls: readonly Call[],
  onProgress: (done: number, total: number) => void,
): Promise<ReadonlyMap<GpuKernel, Compiled>> {
  const first = new Map<GpuKernel, Call>();
  for (const call of calls) if (!first.has(call.kernel)) first.set(call.kernel, call);
  const cache = cacheOf(site);
  let done = 0;
  const compiled = [...first.values()].map(async (call) => {
    const known = cache.kernels.get(call.kernel) ?? compileNew(site, call, cache);
    cache.kernels.set(call.kernel, known);
    const result = await known;
    onProgress(++done, first.size);
    return [call.kernel, result] as const;
  });
  return new Map(await Promise.all(compiled));
}

/** The compiled kernels of one model, which its phases share. */
interface Cache {
  readonly kernels: Map<GpuKernel, Promise<Compiled>>;
  readonly layouts: Map<string, Handle>;
}

const caches = new WeakMap<GpuSite, Cache>();

function cacheOf(site: GpuSite): Cache {
  const known = caches.get(site) ?? { kernels: new Map(), layouts: new Map() };
  caches.set(site, known);
  return known;
}

async function compileNew(site: GpuSite, call: Call, { layouts }: Cache): Promise<Compiled> {
  const layout = bindGroupLayout(site.device, call.kernel, layouts);
  return { layout, pipeline: await compileKernel(site, call, layout) };
}

/** An explicit layout instead of `auto`: kernels with equal bindings share it, and sizes are checked at load. */
function bindGroupLayout(device: DeviceLike, { bindings }: GpuKernel, known: Map<string, Handle>): Handle {
  const entries = bindings.map(({ access, bytes }, binding) => {
    const type = access === 'read' ? 'read-only-storage' : 'storage';
    return { binding, visibility: COMPUTE_STAGE, buffer: { type, minBindingSize: bytes } };
  });
  const key = JSON.stringify(entries);
  const layout = known.get(key) ?? device.createBindGroupLayout({ entries });
  known.set(key, layout);
  return layout;
}

async function compileKernel(
  { name, device, precision }: GpuSite,
  { kernel, layer }: Call,
  layout: Handle,
): Promise<Handle> {
  const label = `${name}: ${kernel.name}`;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: kernelText(kernel, device.features, precision) });
  const compiling = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  });
  const refused = popError(device);
  try {
    return await compiling;
  } catch (error) {
    const { messages } = await module.getCompilationInfo();
    const wrong = [...messages].find(({ type }) => type === 'error');
    const words = wrong
      ? `line ${wrong.lineNum}: ${wrong.message}`
      : ((await refused)?.message ?? messageOf(error)).trim();
    throw new Error(`${name}: the GPU rejected the kernel ${kernel.name} of ${layer}: ${words}`, {
      cause: error,
    });
  }
}

async function bindCall(
  { name, device }: GpuSite,
  { kernel, layer, ranges }: Call,
  bufferOf: BufferOf,
  layout: Handle,
): Promise<Handle> {
  const entries = ranges.map((range, binding) => {
    const { space, offset, bytes } = bindingRange(range);
    return { binding, resource: { buffer: bufferOf(space), offset, size: bytes } };
  });
  device.pushErrorScope('validation');
  const group = device.createBindGroup({ label: `${name}: ${layer}`, layout, entries });
  const error = await popError(device);
  if (!error) return group;
  throw new Error(
    `${name}: the GPU rejected the memory of ${kernel.name} in ${layer}: ${error.message.trim()}`,
  );
}

/** Offsets of bindings are multiples of this number of bytes. */
const ALIGNMENT = 256;
const VECTOR_BYTES = 16;

/**
 * The range of one binding: from the aligned offset before its first range to the end of its last, in whole vectors.
 */
function bindingRange(range: GpuRange | readonly GpuRange[]): GpuRange {
  const ranges = 'space' in range ? [range] : range;
  const first = Math.min(...ranges.map(({ offset }) => offset));
  const offset = first - (first % ALIGNMENT);
  const end = Math.max(...ranges.map((one) => one.offset + one.bytes));
  const bytes = Math.ceil((end - offset) / VECTOR_BYTES) * VECTOR_BYTES;
  return { space: ranges[0]!.space, offset, bytes };
}

/**
 * A package's work on its device: buffers, pipelines, submissions and reading results back. Buffers and pipelines are
 * created once; a call creates only a command encoder. A lost device, a closed model and whatever the GPU rejects are
 * reported as errors.
 */
/** Records all compiled dispatches, in order. */
type RecordPass = (pass: PassLike) => void;

interface Submission {
  /** Copies into the arena before anything runs. */
  readonly provide?: (encoder: EncoderLike) => void;
  /** Ranges that are set to zero before anything runs. */
  readonly clear?: readonly GpuRange[];
  /** Copies out of the arena after everything has run. */
  readonly collect?: (encoder: EncoderLike) => void;
}

interface GpuSession {
  readonly site: GpuSite;
  buffer(space: GpuRange['space']): BufferLike;
  addBuffer(space: GpuRange['space'], bytes: number, isMapped?: boolean): Promise<void>;
  removeBuffer(space: GpuRange['space']): void;
  /** Fills a mapped buffer and unmaps it. Does nothing if the session has no such buffer. */
  fill(space: GpuRange['space'], fill: Fill): Promise<void>;
  /** Throws if the model is closed or its device is lost. */
  checkRuns(call: string): void;
  /** Throws the error, or one that says so if the device is lost or the model is closed. */
  fail(call: string, error: unknown): Promise<never>;
  /** Copies the numbers immediately. Work that is submitted later sees them. */
  write(range: GpuRange, numbers: NumberArray): void;
  compile(phases: readonly Phase[], onProgress?: (done: number, total: number) => void): Promise<RecordPass>;
  /** Submits one command buffer with one pass; resolves when the GPU has accepted it. */
  submit(call: string, record: RecordPass, submission?: Submission): Promise<void>;
  /** Creates a reader for tensors; each has space for the given number of parts, one after the other. */
  createReader(tensors: readonly GpuTensor[], parts?: number): Reader;
  /** Reads the tensors' current numbers from the GPU. */
  readOnce(call: string, tensors: readonly GpuTensor[]): Promise<Named<NumberArray>>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}

interface Reader {
  collect(encoder: EncoderLike, part?: number): void;
  /** Returns what was collected last, in new arrays or in those of `out`. Then the reader can be used again. */
  read(call: string, out?: Named<NumberArray>): Promise<Named<NumberArray>>;
  destroy(): void;
}

/** Writes the first numbers of a buffer. */
type Fill = (memory: ArrayBuffer) => Promise<unknown>;

function createSession(site: GpuSite, isOwnDevice: boolean): GpuSession {
  const { name, device, made } = site;
  const buffers = new Map<GpuRange['space'], BufferLike>();
  const state: { lost?: GpuLoss; isClosed: boolean } = { isClosed: false };
  void device.lost.then((loss) => (state.lost = loss));
  const buffer = (space: GpuRange['space']): BufferLike => {
    const found = buffers.get(space);
    if (!found) throw new Error(`${name}: the session has no buffer for ${space}`);
    return found;
  };
  const session: GpuSession = {
    ...{ site, buffer },
    async addBuffer(space, size, isMapped = false) {
      const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
      const options = { label: `${name}: ${space}`, size, usage, mappedAtCreation: isMapped };
      buffers.set(space, await createBuffer(site, options));
    },
    removeBuffer(space) {
      const one = buffer(space);
      one.destroy();
      made.splice(made.indexOf(one), 1);
      buffers.delete(space);
    },
    async fill(space, fill) {
      const one = buffers.get(space);
      if (!one) return;
      await fill(one.getMappedRange());
      one.unmap();
    },
    checkRuns(call) {
      if (state.isClosed) throw new Error(`${call}: the model is closed`);
      if (state.lost)
        throw new Error(`${call}: the GPU device was lost; load the model again (${state.lost.message})`);
    },
    async fail(call, error) {
      session.checkRuns(call);
      // A call can fail before the loss of the device that caused it is reported, in Chromium for example while buffers
      // are mapped. An error scope that is opened now is answered after that report.
      device.pushErrorScope('validation');
      await popError(device);
      session.checkRuns(call);
      throw error;
    },
    write: ({ space, offset }, numbers) => device.queue.writeBuffer(buffer(space), offset, numbers),
    compile: (phases, onProgress) => compilePhases(site, buffer, phases, onProgress),
    async submit(call, record, submission) {
      device.pushErrorScope('validation');
      let answer: ReturnType<typeof popError>;
      try {
        submitPass(session, record, submission);
      } finally {
        // Also after an error: the device may be the caller's, who may have opened error scopes before this one.
        answer = popError(device);
      }
      const error = await answer;
      if (error) throw new Error(`${call}: the GPU rejected the call: ${error.message.trim()}`);
    },
    createReader: (tensors, parts = 1) => createReader(session, tensors, parts),
    async readOnce(call, tensors) {
      if (tensors.length === 0) return {};
      const reader = createReader(session, tensors, 1);
      try {
        await session.submit(call, () => {}, { collect: reader.collect });
        return await reader.read(call);
      } finally {
        reader.destroy();
      }
    },
    onLost(report) {
      void device.lost.then((loss) => {
        if (!state.isClosed) report(loss);
      });
    },
    close() {
      if (state.isClosed) return;
      state.isClosed = true;
      for (const one of made) one.destroy();
      if (isOwnDevice) device.destroy();
    },
  };
  return session;
}

function submitPass(
  { site: { device }, buffer }: GpuSession,
  record: RecordPass,
  { provide, clear = [], collect }: Submission = {},
): void {
  const encoder = device.createCommandEncoder();
  provide?.(encoder);
  for (const { space, offset, bytes } of clear) encoder.clearBuffer(buffer(space), offset, bytes);
  const pass = encoder.beginComputePass();
  record(pass);
  pass.end();
  collect?.(encoder);
  device.queue.submit([encoder.finish()]);
}

/** A tensor's range on the GPU, and the offset of its first part in a reader's buffer. */
interface ReadTensor {
  readonly tensor: string;
  readonly dtype: keyof typeof ARRAY_TYPES;
  readonly range: GpuRange;
  readonly at: number;
}

function createReader(session: GpuSession, tensors: readonly GpuTensor[], parts: number): Reader {
  const { name, device, made } = session.site;
  let size = 0;
  const places = tensors.map(({ name: tensor, dtype = 'f32', place: range }): ReadTensor => {
    const read = { tensor, dtype, range, at: size };
    size += range.bytes * parts;
    return read;
  });
  const usage = USAGE.mapRead | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${name}: results`, size, usage });
  made.push(buffer);
  return {
    collect(encoder, part = 0) {
      for (const { range, at } of places) {
        const from = session.buffer(range.space);
        encoder.copyBufferToBuffer(from, range.offset, buffer, at + part * range.bytes, range.bytes);
      }
    },
    async read(call, out) {
      session.checkRuns(call);
      try {
        await buffer.mapAsync(MAP_READ);
        return takeNumbers(buffer, places, parts, out);
      } catch (error) {
        const words = `${call}: the results cannot be read: ${messageOf(error)}`;
        return await session.fail(call, new Error(words, { cause: error }));
      } finally {
        // Also after an error: nothing can be copied to a mapped buffer.
        buffer.unmap();
      }
    },
    destroy() {
      buffer.destroy();
      made.splice(made.indexOf(buffer), 1);
    },
  };
}

/** The numbers of each tensor, from a mapped buffer. */
function takeNumbers(
  buffer: BufferLike,
  places: readonly ReadTensor[],
  parts: number,
  out?: Named<NumberArray>,
): Named<NumberArray> {
  const memory = out ? buffer.getMappedRange() : buffer.getMappedRange().slice(0);
  const views = places.map(({ tensor, dtype, range, at }) => {
    return [tensor, new ARRAY_TYPES[dtype](memory, at, (range.bytes / 4) * parts)] as const;
  });
  if (out) for (const [tensor, view] of views) out[tensor]!.set(view);
  return out ?? Object.fromEntries(views);
}

/** Checks the arguments of calls on WebGPU: arrays as on every target, and GPUBuffers. */

const isGpuBuffer = (value: unknown): value is BufferLike =>
  typeof value === 'object' && value !== null && typeof (value as BufferLike).mapAsync === 'function';

/** Checks arrays as on every target. A GPUBuffer must be large enough and have `usage`. */
function checkTensors(
  call: string,
  expected: readonly GpuTensor[],
  values: unknown,
  role: Role,
  usage: number,
  onlyOnGpu = false,
): void {
  const given = Object(values) as Named<unknown>;
  const onGpu = expected.filter(({ name }) => isGpuBuffer(given[name]));
  for (const { name, place } of onGpu)
    checkGpuBuffer(`${call}: ${role} \`${name}\``, given[name], place.bytes, usage);
  const names = new Set(onGpu.map(({ name }) => name));
  const others = expected.filter(({ name }) => !names.has(name));
  const wrong = onlyOnGpu ? others.find(({ name }) => given[name] !== undefined) : undefined;
  if (wrong) throw new Error(`${call}: ${role} \`${wrong.name}\` needs a GPUBuffer`);
  const rest = names.size === 0 ? values : withoutNames(given, names);
  checkInputs(call, others, rest, role);
}

const withoutNames = (given: Named<unknown>, names: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));

function checkGpuBuffer(subject: string, value: unknown, bytes: number, usage: number): void {
  const { size, usage: has } = value as BufferLike;
  const needed = usage === USAGE.copyFrom ? 'COPY_SRC' : 'COPY_DST';
  if (size < bytes) throw new Error(`${subject} needs a GPUBuffer of ${bytes} bytes, got one of ${size}`);
  if ((has & usage) === 0) throw new Error(`${subject} needs a GPUBuffer with the usage ${needed}`);
}

/**
 * A package's model on WebGPU. Pipelines and buffers are created at load. A call writes its inputs into the arena and
 * submits one command buffer with one compute pass; its outputs are read back from one buffer. Calls may overlap:
 * inputs are read when a call is made, and the GPU runs calls one after the other.
 */
/** A model; tensors are passed by name. The types in a package's `index.ts` list the names. */
interface GpuModel {
  readonly device: GpuDevice;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  forward(inputs: object, out?: object): Promise<object>;
  forwardOnGpu(inputs: object, out?: object): Promise<object>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}

/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
interface GpuSizes {
  readonly arena: number;
  readonly weights: number;
  readonly binding: number;
  /** Memory for folding and packing weights. If it is stated, the weights are not mapped when they are created. */
  readonly staging?: number;
}

/**
 * A package's network: names, shapes, places in memory (from its `memory.ts`) and dispatches (from its `forward.ts`).
 */
export interface GpuProgram {
  readonly name: string;
  readonly sizes: GpuSizes;
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  readonly forward: Phase;
  /** The programs of a package for several batches but the smallest, in ascending order, and what opens the model of all. */
  readonly larger?: readonly GpuBatch[];
  readonly open?: OpenModel;
}

/** A program of the package for one of its batches. */
type GpuBatch = Pick<GpuProgram, 'inputs' | 'outputs' | 'forward'>;

const forwardPhases = ({ forward, larger = [] }: GpuProgram): Phase[] => [
  forward,
  ...larger.map((one) => one.forward),
];

/** Compiles the calls of a model. */
type OpenModel = (
  session: GpuSession,
  program: GpuProgram,
  onProgress?: (done: number, total: number) => void,
) => Promise<GpuModel>;

const openModel: OpenModel = async (session, program, onProgress) => {
  if (program.open) return program.open(session, program, onProgress);
  return createGpuModel(session, program, await session.compile([program.forward], onProgress));
};

/** Opens a device and creates the buffers. If `make` fails, both are released. */
async function withSession<T>(
  name: string,
  { arena, weights, binding, staging }: GpuSizes,
  options: GpuOptions,
  make: (session: GpuSession) => Promise<T>,
): Promise<T> {
  const needed = {
    maxBufferSize: Math.max(arena, weights, staging ?? 0),
    maxStorageBufferBindingSize: binding,
  };
  const { isOwn, ...opened } = await openDevice(name, needed, options);
  const session = createSession({ name, ...opened, made: [] }, isOwn);
  try {
    await session.addBuffer('arena', arena);
    if (weights > 0) await session.addBuffer('weights', weights, staging === undefined);
    const made = await make(session);
    // A lost device reports no errors.
    session.checkRuns(`${name}.load`);
    return made;
  } catch (error) {
    return await session.fail(`${name}.load`, error).finally(session.close);
  }
}

type Given = Named<NumberArray | BufferLike>;

function createGpuModel(session: GpuSession, program: GpuProgram, record: RecordPass): GpuModel {
  const { name, inputs, outputs } = program;
  const readers = createReaders(session, outputs);
  const submit = (call: string, given: Given, collect: (encoder: EncoderLike) => void): Promise<void> =>
    session.submit(call, record, { provide: (encoder) => provide(session, inputs, given, encoder), collect });
  let kept: Named<BufferLike> | undefined;
  return {
    device: session.site.device as unknown as GpuDevice,
    family: session.site.family,
    precision: session.site.precision,
    async forward(given, out) {
      const call = `${name}.forward`;
      session.checkRuns(call);
      checkTensors(call, inputs, given, 'input', USAGE.copyFrom);
      if (out) checkInputs(call, outputs, out, 'out');
      const reader = readers.take();
      const accepted = submit(call, given as Given, reader.collect);
      // Waits for both, because a buffer that is being mapped cannot be used again.
      const [said, read] = await Promise.allSettled([
        accepted,
        reader.read(call, out as Named<NumberArray> | undefined),
      ]);
      if (read.status === 'rejected') {
        reader.destroy();
        throw read.reason;
      }
      readers.giveBack(reader);
      if (said.status === 'rejected') throw said.reason;
      return read.value;
    },
    async forwardOnGpu(given, out) {
      const call = `${name}.forwardOnGpu`;
      session.checkRuns(call);
      checkTensors(call, inputs, given, 'input', USAGE.copyFrom);
      if (out) checkTensors(call, outputs, out, 'out', USAGE.copyTo, true);
      const results = (out as Named<BufferLike> | undefined) ?? (kept ??= createResults(session, outputs));
      await submit(call, given as Given, (encoder) => {
        for (const { name: output, place } of outputs) {
          const from = session.buffer(place.space);
          encoder.copyBufferToBuffer(from, place.offset, results[output]!, 0, place.bytes);
        }
      });
      session.checkRuns(call);
      return results;
    },
    onLost: session.onLost,
    close: session.close,
  };
}

/** Writes inputs to their places: arrays now, GPUBuffers by copies in the command buffer. */
function provide(
  session: GpuSession,
  inputs: readonly GpuTensor[],
  given: Given,
  encoder: EncoderLike,
): void {
  for (const { name: input, place } of inputs) {
    const value = given[input]!;
    if (!isGpuBuffer(value)) session.write(place, value);
    else encoder.copyBufferToBuffer(value, 0, session.buffer(place.space), place.offset, place.bytes);
  }
}

/** Buffers for reading results: as many as there were calls at the same time. */
function createReaders(
  session: GpuSession,
  outputs: readonly GpuTensor[],
): { take(): Reader; giveBack(reader: Reader): void } {
  const idle = [session.createReader(outputs)];
  return {
    take: () => idle.pop() ?? session.createReader(outputs),
    giveBack: (reader) => void idle.push(reader),
  };
}

/** The buffers that `forwardOnGpu` returns if the caller gives none. */
function createResults({ site }: GpuSession, outputs: readonly GpuTensor[]): Named<BufferLike> {
  const { name, device, made } = site;
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  return Object.fromEntries(
    outputs.map(({ name: output, place }) => {
      const buffer = device.createBuffer({ label: `${name}: ${output}`, size: place.bytes, usage });
      made.push(buffer);
      return [output, buffer] as const;
    }),
  );
}

/**
 * The two kernels of runtime/webgpu/image.ts: runtime/image.ts in WGSL. They compute in integers, so every GPU gives
 * the same bits.
 */

/** The width and height of a workgroup in pixels. */
const TILE = 8;

/** The sizes of an image and of its result, which both kernels read. */
const SHAPE_WGSL = `
struct Shape {
  // The size of the result.
  width: u32,
  height: u32,
  // The source rows that are read: the first one, and how many.
  firstRow: u32,
  rowCount: u32,
  // Entries per position in \`taps\`: the first source index, the number of taps, and their weights.
  columnTaps: u32,
  rowTaps: u32,
  channels: u32,
  isReversed: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;

// Weights are fixed point with so many bits; sums of weighted levels stay below 2^31.
const PRECISION = vec3u(${PRECISION}u);
const HALF = vec3i(1 << ${PRECISION - 1}u);
`;

/** The horizontal pass: an invocation computes one pixel of one row that the vertical pass reads. */
const ROWS_KERNEL: string = `${SHAPE_WGSL}
@group(0) @binding(1) var<storage, read> taps: array<i32>;
// One number per pixel: red, green and blue from the lowest byte up.
@group(0) @binding(2) var<storage, read_write> rows: array<u32>;
@group(0) @binding(3) var image: texture_2d<f32>;

// Alpha is blended over white; gray is ITU-R 601's luma with PIL's weights.
fn levels(x: i32, y: i32) -> vec3i {
  let pixel = vec4i(round(textureLoad(image, vec2i(x, y), 0) * 255.0));
  let white = 255 * (255 - pixel.a) + 127;
  let opaque = (pixel.rgb * pixel.a + white) / 255;
  if (shape.channels == 3u) { return opaque; }
  return vec3i((opaque.r * 19595 + opaque.g * 38470 + opaque.b * 7471 + 0x8000) >> 16u);
}

@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.width || id.y >= shape.rowCount) { return; }
  let at = id.x * shape.columnTaps;
  let first = taps[at];
  let y = i32(shape.firstRow + id.y);
  var sum = HALF;
  for (var tap = 0; tap < taps[at + 1u]; tap++) {
    sum += levels(first + tap, y) * taps[at + 2u + u32(tap)];
  }
  let level = vec3u(min(sum >> PRECISION, vec3i(255)));
  rows[id.y * shape.width + id.x] = level.r | (level.g << 8u) | (level.b << 16u);
}
`;

/** The vertical pass, and the table look-up of each level: an invocation computes one pixel of all planes. */
const PLANES_KERNEL: string = `${SHAPE_WGSL}
@group(0) @binding(1) var<storage, read> taps: array<i32>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
// The f32 of every level for each plane, copied as bits so that no GPU rounds them.
@group(0) @binding(3) var<storage, read> tables: array<u32>;
@group(0) @binding(4) var<storage, read_write> planes: array<u32>;

@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.width || id.y >= shape.height) { return; }
  let at = id.y * shape.rowTaps;
  var place = (u32(taps[at]) - shape.firstRow) * shape.width + id.x;
  var sum = HALF;
  for (var tap = 0; tap < taps[at + 1u]; tap++) {
    let pixel = (vec3u(rows[place]) >> vec3u(0u, 8u, 16u)) & vec3u(255u);
    sum += vec3i(pixel) * taps[at + 2u + u32(tap)];
    place += shape.width;
  }
  let level = vec3u(min(sum >> PRECISION, vec3i(255)));
  for (var channel = 0u; channel < shape.channels; channel++) {
    let plane = select(channel, shape.channels - 1u - channel, shape.isReversed == 1u);
    planes[(plane * shape.height + id.y) * shape.width + id.x] = tables[plane * 256u + level[channel]];
  }
}
`;

/** The checks of images that `preprocess` takes on WebGPU, and pixels as its textures need them. */
interface CheckedImage {
  readonly source: unknown;
  readonly extents: Extents;
}

/** The conditions that images are checked against. */
interface ImageRules {
  /** `resnet18.preprocess`, for errors. */
  readonly call: string;
  readonly options: Preprocess;
  /** The number of images in a batch. */
  readonly batch: number;
  /** The largest extent of the GPU's textures. */
  readonly most: number;
}

/** Checks all images before anything runs. If `mayBeFewer`, part of a batch is enough. */
function checkImages(rules: ImageRules, given: unknown, mayBeFewer: boolean): CheckedImage[] {
  const { call, batch } = rules;
  const images: readonly unknown[] = Array.isArray(given) ? given : [given];
  const fits = images.length === batch || (mayBeFewer && images.length > 0 && images.length < batch);
  if (!fits || (batch > 1 && !Array.isArray(given))) {
    const wanted = batch === 1 ? 'one image' : `an array of ${batch} images`;
    throw new Error(`${call} takes ${wanted}, got ${Array.isArray(given) ? images.length : 'one'}`);
  }
  return images.map((source) => ({ source, extents: checkImage(rules, source) }));
}

function checkImage({ call, options, most }: ImageRules, source: unknown): Extents {
  const [width, height] = imageExtents(call, source);
  if (Math.max(width, height) > most)
    throw new Error(
      `${call}: an image of ${width}x${height} is too large, this GPU takes up to ${most}x${most}`,
    );
  // Throws if the image is too small.
  placeCrop(width, height, options);
  return [width, height];
}

/** The bytes of the pixels as RGBA, which is what textures hold. */
function rgbaOf({ data, width, height }: Pixels): Uint8Array | Uint8ClampedArray {
  const count = width * height;
  if (data.length === count * 4) return data;
  const channels = data.length / count;
  const rgba = new Uint8Array(count * 4).fill(255);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)]!;
  return rgba;
}

/**
 * `preprocess` of a model on WebGPU: images become the network's input without leaving the GPU. Two kernels compute
 * what runtime/image.ts computes, bit for bit, with its taps and tables. They are compiled at the first image; memory
 * that depends on an image's size is created again only when the size changes. Images are read during the call and the
 * GPU's queue keeps the order, so calls may overlap.
 */
interface GpuPreprocess {
  /** Takes one image, or an array of as many images as the batch has. With `out` there may be fewer. */
  preprocess(images: ImageSource | readonly ImageSource[], out?: GpuBuffer): Promise<GpuBuffer>;
}

interface TextureLike {
  createView(): Handle;
  destroy(): unknown;
}

interface ImagePipeline {
  getBindGroupLayout(index: number): Handle;
}

/** The parts of a device that images need in addition to those that a network needs. */
type ImageDevice = DeviceLike & {
  readonly limits: { readonly maxTextureDimension2D: number };
  readonly queue: {
    writeTexture(
      to: { readonly texture: TextureLike },
      data: ArrayBufferView,
      layout: { readonly bytesPerRow: number },
      size: Extents,
    ): unknown;
    copyExternalImageToTexture(
      from: { readonly source: unknown },
      to: { readonly texture: TextureLike; readonly premultipliedAlpha: boolean },
      size: Extents,
    ): unknown;
  };
  createTexture(options: {
    readonly label: string;
    readonly format: string;
    readonly size: Extents;
    readonly usage: number;
  }): TextureLike;
  createComputePipeline(options: {
    readonly label: string;
    readonly layout: 'auto';
    readonly compute: { readonly module: ModuleLike; readonly entryPoint: string };
  }): ImagePipeline;
  createBindGroup(options: {
    readonly label: string;
    readonly layout: Handle;
    readonly entries: readonly { readonly binding: number; readonly resource: object }[];
  }): Handle;
};

/** A model's device and the options of its `preprocess`. */
interface ImageSite {
  /** `resnet18.preprocess`, for errors. */
  readonly call: string;
  readonly device: ImageDevice;
  readonly session: GpuSession;
  readonly options: Preprocess;
}

/** Everything that does not depend on the size of an image. */
interface ImageKernels {
  readonly rows: ImagePipeline;
  readonly planes: ImagePipeline;
  readonly tables: BufferLike;
  /** Holds one image until it is copied to its place in the batch, so no bind group depends on the caller's buffers. */
  readonly result: BufferLike;
}

/** Memory for images of one size. */
interface ImagePlace {
  readonly extents: Extents;
  readonly texture: TextureLike;
  readonly record: RecordPass;
  destroy(): void;
}

/** Adds `preprocess`, which computes the model's image input according to `options`. */
export function addPreprocess(
  model: GpuModel,
  { name, inputs }: GpuProgram,
  options: Preprocess,
): GpuModel & GpuPreprocess {
  // Compiling has checked that one input is a batch of images.
  const input = inputs.find(({ shape, dtype = 'f32' }) => shape.length === 4 && dtype === 'f32')!;
  const batch = input.shape[0]!;
  const device = model.device as unknown as ImageDevice;
  const { family, precision } = model;
  const session = createSession({ name, device, family, precision, made: [] }, false);
  const site = { call: `${name}.preprocess`, device, session, options };
  const bytes = input.place.bytes / batch;
  const rules = { call: site.call, options, batch, most: device.limits.maxTextureDimension2D };
  const runner = createRunner(site, bytes);
  let kept: BufferLike | undefined;
  return {
    ...model,
    async preprocess(given, out) {
      session.checkRuns(site.call);
      const images = checkImages(rules, given, out !== undefined);
      if (out !== undefined)
        checkTensors(site.call, [input], { [input.name]: out }, 'out', USAGE.copyTo, true);
      const to = (out as BufferLike | undefined) ?? (kept ??= createBatch(site, input.place.bytes));
      await Promise.all(images.map((image, i) => runner.run(image, to, i * bytes)));
      // A lost device reports no errors.
      session.checkRuns(site.call);
      return to as unknown as GpuBuffer;
    },
    close() {
      runner.destroy();
      session.close();
      model.close();
    },
  };
}

/** The buffer that `preprocess` returns if the caller gives none. */
function createBatch({ call, device, session }: ImageSite, size: number): BufferLike {
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${call}: images`, size, usage });
  session.site.made.push(buffer);
  return buffer;
}

/** Runs one image after the other through the same memory, as long as they have the same size. */
function createRunner(
  site: ImageSite,
  bytes: number,
): { run(image: CheckedImage, to: BufferLike, at: number): Promise<void>; destroy(): void } {
  const { call, session } = site;
  let kernels: ImageKernels | undefined;
  let place: ImagePlace | undefined;
  // Work that was submitted before still completes with this memory.
  const destroy = (): void => {
    place?.destroy();
    for (const buffer of [kernels?.tables, kernels?.result]) buffer?.destroy();
    place = kernels = undefined;
  };
  const take = ({ source, extents }: CheckedImage): readonly [ImageKernels, ImagePlace] => {
    const ready = (kernels ??= createKernels(site, bytes));
    if (place?.extents.join() !== extents.join()) {
      place?.destroy();
      place = undefined;
      place = createPlace(site, ready, extents);
    }
    writeImage(site, source, place);
    return [ready, place];
  };
  return {
    async run(image, to, at) {
      // Reads the image now, before any wait: a video may show another frame afterwards.
      const [[{ result }, { record }], refusal] = underScopes(site, () => take(image));
      const collect: Submission['collect'] = (encoder) =>
        encoder.copyBufferToBuffer(result, 0, to, at, bytes);
      const submitted = session.submit(call, record, { collect }).catch((error: unknown) => error);
      const [refused, failed] = await Promise.all([refusal, submitted]);
      const error = refused ?? failed;
      if (error === undefined) return;
      destroy();
      session.checkRuns(call);
      throw error;
    },
    destroy,
  };
}

/** Runs `make`, and collects the GPU's errors about it: out of memory, or invalid. */
function underScopes<T>({ call, device }: ImageSite, make: () => T): [T, Promise<Error | undefined>] {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let made: T;
  let answers: ReturnType<typeof popError>[];
  try {
    made = make();
  } finally {
    answers = [popError(device), popError(device)];
  }
  const refusal = Promise.all(answers).then(([wrong, full]) => {
    if (full) return new Error(`${call}: the GPU has no memory for this image (${full.message.trim()})`);
    return wrong ? new Error(`${call}: the GPU rejected the image: ${wrong.message.trim()}`) : undefined;
  });
  return [made, refusal];
}

function createKernels(site: ImageSite, bytes: number): ImageKernels {
  const { call, device, options } = site;
  const compile = (part: string, code: string): ImagePipeline => {
    const label = `${call}: ${part}`;
    const module = device.createShaderModule({ label, code });
    return device.createComputePipeline({ label, layout: 'auto', compute: { module, entryPoint: 'main' } });
  };
  const tables = new Float32Array(256 * planesOf(options));
  for (let plane = 0; plane < planesOf(options); plane++) tables.set(levelTable(options, plane), plane * 256);
  return {
    rows: compile('rows', ROWS_KERNEL),
    planes: compile('planes', PLANES_KERNEL),
    tables: createFilled(site, 'tables', tables),
    result: device.createBuffer({
      label: `${call}: planes`,
      size: bytes,
      usage: USAGE.storage | USAGE.copyFrom,
    }),
  };
}

const planesOf = ({ channels }: Preprocess): number => (channels === 'gray' ? 1 : 3);

function createFilled(
  { call, device }: ImageSite,
  part: string,
  numbers: Float32Array | Int32Array,
  usage: number = USAGE.storage,
): BufferLike {
  const options = { label: `${call}: ${part}`, size: numbers.byteLength, usage: usage | USAGE.copyTo };
  const buffer = device.createBuffer(options);
  device.queue.writeBuffer(buffer, 0, numbers);
  return buffer;
}

/** Numbers from WebGPU's specification. A copy into a texture is done by drawing, so it needs `renderAttachment`. */
const TEXTURE_USAGE = { copyTo: 2, binding: 4, renderAttachment: 16 } as const;
const UNIFORM_USAGE = 64;

function createPlace(site: ImageSite, kernels: ImageKernels, extents: Extents): ImagePlace {
  const { options } = site;
  const crop = placeCrop(...extents, options);
  const [x, y] = [triangleTaps(extents[0], crop.x), triangleTaps(extents[1], crop.y)];
  const [firstRow, lastRow] = rowsRead(y);
  const rowCount = lastRow - firstRow;
  const { texture, ...buffers } = createImageMemory(site, extents, x, y, firstRow, rowCount);
  const { shape, columnTaps, rowTaps, rows } = buffers;
  const { tables, result } = kernels;
  const [first, second] = [
    bindImage(site, kernels.rows, [shape, columnTaps, rows], texture),
    bindImage(site, kernels.planes, [shape, rowTaps, rows, tables, result]),
  ];
  const tiles = (extent: number): number => Math.ceil(extent / TILE);
  return {
    extents,
    texture,
    record(pass) {
      pass.setPipeline(kernels.rows);
      pass.setBindGroup(0, first);
      pass.dispatchWorkgroups(tiles(options.width), tiles(rowCount));
      pass.setPipeline(kernels.planes);
      pass.setBindGroup(0, second);
      pass.dispatchWorkgroups(tiles(options.width), tiles(options.height));
    },
    destroy() {
      for (const one of [texture, ...Object.values(buffers)]) one.destroy();
    },
  };
}

function createImageMemory(
  site: ImageSite,
  extents: Extents,
  x: Taps,
  y: Taps,
  firstRow: number,
  rowCount: number,
) {
  const { call, device, options } = site;
  const { width, height, channels } = options;
  // The order is that of the fields of `Shape` in the kernels.
  const sizes = [width, height, firstRow, rowCount, x.stride + 2, y.stride + 2];
  const shape = Int32Array.of(...sizes, planesOf(options), channels === 'bgr' ? 1 : 0);
  const { copyTo, binding, renderAttachment } = TEXTURE_USAGE;
  return {
    shape: createFilled(site, 'shape', shape, UNIFORM_USAGE),
    columnTaps: createFilled(site, 'taps of columns', packTaps(x)),
    rowTaps: createFilled(site, 'taps of rows', packTaps(y)),
    rows: device.createBuffer({ label: `${call}: rows`, size: width * rowCount * 4, usage: USAGE.storage }),
    texture: device.createTexture({
      label: `${call}: image`,
      format: 'rgba8unorm',
      size: extents,
      usage: copyTo | binding | renderAttachment,
    }),
  };
}

/** Binds the buffers, and after them the texture. */
function bindImage(
  { call, device }: ImageSite,
  pipeline: ImagePipeline,
  buffers: readonly BufferLike[],
  texture?: TextureLike,
): Handle {
  const resources = [...buffers.map((buffer) => ({ buffer })), ...(texture ? [texture.createView()] : [])];
  const entries = resources.map((resource, binding) => ({ binding, resource }));
  return device.createBindGroup({ label: call, layout: pipeline.getBindGroupLayout(0), entries });
}

/**
 * Taps in the order in which kernels read them: for each position its first source index, their number, and the taps.
 */
function packTaps({ first, counts, weights, stride }: Taps): Int32Array {
  const packed = new Int32Array(first.length * (stride + 2));
  first.forEach((index, i) => {
    const at = i * (stride + 2);
    packed.set([index, counts[i]!], at);
    packed.set(weights.subarray(i * stride, (i + 1) * stride), at + 2);
  });
  return packed;
}

function writeImage({ call, device }: ImageSite, source: unknown, { texture, extents }: ImagePlace): void {
  if (isPixels(source)) {
    device.queue.writeTexture({ texture }, rgbaOf(source), { bytesPerRow: extents[0] * 4 }, extents);
    return;
  }
  try {
    const to = { texture, premultipliedAlpha: false };
    device.queue.copyExternalImageToTexture({ source }, to, extents);
  } catch (error) {
    // For example, because the image comes from another origin.
    throw new Error(`${call}: the image cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** One image through a network on WebGPU: `preprocess` and `forward` of a model with one input. */

/**
 * Runs the network on one image and returns its outputs. The other images of the batch are zeros. The image is read
 * during the call, and each call has its own buffer, so calls may overlap.
 */
export async function forwardImage(
  model: Pick<GpuModel & GpuPreprocess, 'device' | 'preprocess' | 'forward'>,
  { name, inputs }: GpuProgram,
  image: ImageSource,
): Promise<object> {
  const [input] = inputs as [GpuProgram['inputs'][number]];
  const device = model.device as unknown as DeviceLike;
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${name}: one image`, size: input.place.bytes, usage });
  try {
    await model.preprocess(input.shape[0] === 1 ? image : [image], buffer as unknown as GpuBuffer);
    return await model.forward({ [input.name]: buffer });
  } finally {
    buffer.destroy();
  }
}

/**
 * A package on WebGPU that was compiled for training: the data that its trainer works on, and its model for inference
 * only. The weight file holds canonical weights; `prepare` folds and packs them for inference on the GPU.
 */
/** Numbers that come with the program, and their place. */
export interface GpuConstant {
  readonly range: GpuRange;
  readonly numbers: NumberArray;
}

function writeConstants({ write }: GpuSession, constants: readonly GpuConstant[]): void {
  for (const { range, numbers } of constants) write(range, numbers);
}

/**
 * Loads weights into a package on WebGPU that folds and packs them itself. `prepare` is a generator: before each group of
 * dispatches it yields the names of the tensors that must be in their places. Places are used several times, so tensors
 * are written to them right then. The memory that only `prepare` needs is released after it.
 */
/** A tensor of the weight file, and its place. */
export interface GpuStagedTensor extends NamedShape {
  readonly range: GpuRange;
}

/** The weights of a package and the phase that prepares them. */
interface GpuStaged {
  /** All tensors, in the order in which `prepare` needs them. */
  readonly weights: readonly GpuStagedTensor[];
  readonly constants: readonly GpuConstant[];
  /** Size of the memory that only `prepare` needs, in bytes. */
  readonly stagingBytes: number;
  readonly prepare?: (dispatch: Dispatch, family: KernelFamily) => Iterable<readonly string[]>;
  /** The flag that left out the code for other files. */
  readonly flag?: string;
}

interface GpuStagedModel extends GpuModel {
  loadWeights(bytes: Uint8Array | ArrayBuffer): Promise<void>;
}

/** Loads a package that takes other weights as well. */
export const loadStagedModel = (
  program: GpuProgram,
  staged: GpuStaged,
  source: ByteSource,
  options: GpuOptions,
): Promise<GpuStagedModel> =>
  loadPrepared(program, staged, source, options, (session, model) => {
    const call = `${program.name}.loadWeights`;
    let last: Promise<unknown> = Promise.resolve();
    const loadWeights = async (other: Uint8Array | ArrayBuffer): Promise<void> => {
      session.checkRuns(call);
      await prepareWeights(session, staged, new Uint8Array(other), call).catch((error: unknown) =>
        session.fail(call, error),
      );
    };
    return {
      ...model,
      // Calls use the same memory for what only `prepare` needs, so they run one after the other.
      loadWeights(other) {
        const loaded = last.then(() => loadWeights(other));
        last = loaded.catch(() => {});
        return loaded;
      },
    };
  });

async function loadPrepared<T>(
  program: GpuProgram,
  staged: GpuStaged,
  source: ByteSource,
  options: GpuOptions,
  finish: (session: GpuSession, model: GpuModel) => T,
): Promise<T> {
  const { name, sizes } = program;
  return withSession(name, { ...sizes, staging: staged.stagingBytes }, options, async (session) => {
    const steps = stepsOf(staged.prepare, session.site.family).map(({ phase }) => phase);
    const [bytes] = await Promise.all([
      loadBytes(source),
      compileAhead(session.site, [...forwardPhases(program), ...steps], options.onProgress),
    ]);
    writeConstants(session, staged.constants);
    await prepareWeights(session, staged, bytes, `${name}.load`);
    return finish(session, await openModel(session, program));
  });
}

async function prepareWeights(
  session: GpuSession,
  { weights, stagingBytes, prepare, flag }: GpuStaged,
  bytes: Uint8Array,
  call: string,
): Promise<void> {
  const file = parseSafetensors(bytes);
  const stored = namesInFile(call, weights, file, flag);
  const ranges = new Map(weights.map(({ name, range }) => [name, range]));
  const left = new Set(ranges.keys());
  const write = (name: string): void => {
    session.write(ranges.get(name)!, file.get(stored.get(name)!)!.data);
    left.delete(name);
  };
  if (stagingBytes > 0) await session.addBuffer('staging', stagingBytes);
  try {
    const steps = stepsOf(prepare, session.site.family);
    const records = await Promise.all(steps.map(({ phase }) => session.compile([phase])));
    for (const [i, { names }] of steps.entries()) {
      for (const name of names) write(name);
      await session.submit(call, records[i]!);
    }
    for (const name of left) write(name);
  } finally {
    if (stagingBytes > 0) session.removeBuffer('staging');
  }
}

interface Step {
  readonly names: readonly string[];
  /** The dispatches that follow. */
  readonly phase: Phase;
}

function stepsOf(prepare: GpuStaged['prepare'], family: KernelFamily): Step[] {
  const steps: { names: readonly string[]; calls: Parameters<Dispatch>[] }[] = [];
  const begin = (names: readonly string[]): unknown => steps.push({ names, calls: [] });
  const dispatch: Dispatch = (...call) => {
    if (steps.length === 0) begin([]);
    steps.at(-1)!.calls.push(call);
  };
  for (const names of prepare?.(dispatch, family) ?? []) begin(names);
  return steps.map(({ names, calls }) => ({
    names,
    phase: (run) => {
      for (const call of calls) run(...call);
    },
  }));
}
