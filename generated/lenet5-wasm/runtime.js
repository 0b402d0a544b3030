/** The array type for each element type. */
const ARRAY_TYPES = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

const article = (type) => (/^[AEIO]/.test(type) ? `an ${type}` : `a ${type}`);

/** Checks one array. `call` names the called function for errors: `resnet18.forward`. */
function checkInput(call, expected, value, role = 'input') {
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
  const { length } = value;
  if (length !== size) throw new Error(`${subject} needs ${wanted}, got ${length}`);
}

/** Checks an object of arrays by name: none is missing, none is unknown, and each has the expected type and length. */
export function checkInputs(call, expected, values, role = 'input') {
  const names = expected.map(({ name }) => name);
  const wanted = `{ ${names.join(', ')} }`;
  if (typeName(values) !== 'Object') {
    throw new Error(
      `${call} takes its ${role}s by name, ${wanted}, got ${describe(values, typeName(values))}`,
    );
  }
  const given = values;
  // Unknown names come first: a misspelt name is also missing, and only this error shows what was written.
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`${call}: there is no ${role} \`${unknown}\`; it takes ${wanted}`);
  for (const one of expected) checkInput(call, one, given[one.name], role);
}

/** Refuses options of `load` that the package does not have. Options that are undefined count as absent. */
export function checkLoadOptions(model, options, known) {
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
function nearestName(wrong, known) {
  const distances = known.map((name) => editDistance(wrong.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= wrong.length / 3 ? known[distances.indexOf(least)] : undefined;
}

/** The number of letters to change, add or remove. */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

function sizeOf(shape) {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/** The type by its tag. `instanceof` would fail for arrays from another frame or from a test runner's realm. */
const typeName = (value) => Object.prototype.toString.call(value).slice(8, -1);

function describe(value, type) {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `the string ${JSON.stringify(value)}` : article(type);
}

/**
 * The bytes of a URL or a path; bytes in memory are returned without a copy. A string with a scheme is a URL;
 * any other string is a path in Node and a URL relative to the page in a browser.
 */
async function loadBytes(source) {
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

function locateBytes(source) {
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
function locateObject(source) {
  const tag = Object.prototype.toString.call(source).slice(8, -1);
  if (tag === 'ArrayBuffer' || tag === 'SharedArrayBuffer')
    return { kind: 'memory', bytes: new Uint8Array(source) };
  if (tag !== 'Response') throw new Error(`cannot read ${tag}: expected a URL, a path, bytes or a Response`);
  const response = source;
  return { kind: 'network', url: response.url || 'the Response', response };
}

/**
 * The place of a file of the package. `import.meta.url` is missing on some hosts, such as workerd, and in bundles that
 * are not ES modules; then the error names the option of `load` to use instead.
 */
export function findFile(name, option, find) {
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

function decodeBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

function runsInNode() {
  const host = globalThis;
  return host.process?.versions?.node !== undefined;
}

async function nodeFiles() {
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['node:fs', 'promises'].join('/');
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier));
}

/** The error for a file that cannot be opened or read. */
const cannotRead = (path, error) =>
  new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error });

async function readFromDisk(path) {
  const files = await nodeFiles();
  try {
    const { buffer, byteOffset, byteLength } = await files.readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The error for a download that fails, at its start or later. */
const cannotFetch = (url, error) =>
  new Error(`cannot fetch ${url}: ${messageOf(error)}`, { cause: error });

async function fetchSource({ url, response: given }) {
  if (given?.bodyUsed) throw new Error(`cannot fetch ${url}: the body of this Response was read before`);
  const response =
    given ??
    (await fetch(url).catch((error) => {
      throw cannotFetch(url, error);
    }));
  if (!response.ok) {
    throw new Error(
      `cannot fetch ${url}: the server answered ${response.status} ${response.statusText}`.trim(),
    );
  }
  return response;
}

async function readBody(response, url) {
  const bytes = await response.arrayBuffer().catch((error) => {
    throw cannotFetch(url, error);
  });
  return new Uint8Array(bytes);
}

const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** The size of the number that a safetensors file begins with: the length of its header. */
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;

const ELEMENT_TYPES = new Map([
  ['F32', { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  ['F16', { bytes: 2, read: (view, offset) => halfToNumber(view.getUint16(offset, true)) }],
  ['BF16', { bytes: 2, read: (view, offset) => bitsToNumber(view.getUint16(offset, true) << 16) }],
  ['F64', { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) }],
  ['I64', { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) }],
  ['I32', { bytes: 4, read: (view, offset) => view.getInt32(offset, true) }],
  ['U8', { bytes: 1, read: (view, offset) => view.getUint8(offset) }],
]);

/** The tensors by name, in the header's order. They may share memory with `bytes`. */
function parseSafetensors(bytes) {
  const { header, dataStart } = parseHeader(bytes);
  return new Map(
    [...readEntries(header)].map(([name, entry]) => [name, readTensor(bytes, dataStart, name, entry)]),
  );
}

function parseHeader(bytes) {
  const dataStart = LENGTH_BYTES + headerLength(bytes);
  if (dataStart > bytes.byteLength) throw truncatedHeader(dataStart, bytes.byteLength);
  return { header: readHeader(bytes.subarray(LENGTH_BYTES, dataStart)), dataStart };
}

/** The header's length, which the first 8 bytes hold. Further bytes are only quoted if this is no safetensors file. */
function headerLength(bytes) {
  const size = bytes.byteLength;
  if (size < LENGTH_BYTES) throw new Error(`safetensors: the file is truncated: it has ${size} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, size).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES)
    throw new Error(`safetensors: this is not a safetensors file, it begins with ${quoteStart(bytes)}`);
  return length;
}

const truncatedHeader = (needed, size) =>
  new Error(
    `safetensors: the file is truncated: its header ends at byte ${needed}, but it has ${size} bytes`,
  );

const truncatedTensor = (name, needed, size) =>
  new Error(
    `safetensors: the file is truncated: tensor \`${name}\` ends at byte ${needed}, but it has ${size} bytes`,
  );

/** Parses the header from its bytes, without the length that precedes them. */
function readHeader(bytes) {
  const header = parseJson(bytes);
  if (!isObject(header)) throw new Error('safetensors: the header is not a JSON object');
  return header;
}

/** The tensors by name, in the header's order. Each entry is checked on its own. */
function readEntries(header) {
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(entries.map(([name, entry]) => [name, readEntry(name, entry)]));
}

function readEntry(name, entry) {
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

const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first characters of a file: they show, for example, that an HTML page was sent instead. */
function quoteStart(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 24));
  return JSON.stringify(start.replace(/[^\x20-\x7e]/g, '.'));
}

function parseJson(bytes) {
  try {
    // A copy, because TextDecoder rejects views of shared memory.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice()));
  } catch {
    return undefined;
  }
}

function readTensor(bytes, dataStart, name, entry) {
  const { dtype, shape } = entry;
  const end = dataStart + entry.end;
  if (end > bytes.byteLength) throw truncatedTensor(name, end, bytes.byteLength);
  return { dtype, shape, data: readNumbers(bytes.subarray(dataStart + entry.start, end), entry) };
}

function isHeaderEntry(value) {
  if (!isObject(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  const areCounts = (list) =>
    Array.isArray(list) && list.every((item) => Number.isSafeInteger(item) && item >= 0);
  return typeof dtype === 'string' && areCounts(shape) && areCounts(offsets) && offsets.length === 2;
}

/** The numbers of one tensor, from its bytes. */
function readNumbers(bytes, { dtype, element }) {
  const { buffer, byteOffset, byteLength } = bytes;
  const size = byteLength / element.bytes;
  if (dtype === 'F32' && byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, size);
  const view = new DataView(buffer, byteOffset, byteLength);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = element.read(view, i * element.bytes);
  return values;
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsToNumber(bits) {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** Shifting the bits of a half into a float leaves the exponent 112 too small, also for subnormal numbers. */
function halfToNumber(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) return magnitude === 0x7c00 ? sign * Infinity : NaN;
  return sign * bitsToNumber(magnitude << 13) * 2 ** 112;
}

/**
 * Reads the tensors of a safetensors file straight into existing arrays, such as views of WebAssembly's memory,
 * so the whole file is never in memory a second time. In Node each part is read from the file to its place;
 * elsewhere the chunks of a download are copied as they arrive. Errors have the same messages as in weights.ts.
 */

/** Opens a weight file and reads its header. Call `closeWeights` in the end. */
async function openWeights(source) {
  const reader = await openBytes(source);
  try {
    return { reader, ...(await streamHeader(reader)), readTo: 0 };
  } catch (error) {
    await reader.close(Infinity);
    throw error;
  }
}

async function closeWeights({ reader, entries, readTo }) {
  await reader.close(endOf(entries.values()) - readTo);
}

/** Reads tensors to their arrays, by their names in the file. */
async function readTensors(file, arrays) {
  for (const part of partsOf(file.entries, arrays)) await readPart(file, part);
}

/** Lets tensors be read in this order: a download that has them in another one is kept in memory. */
async function allowOrder(file, names) {
  if (file.reader.isSeekable) return;
  const starts = Array.from(names, (name) => file.entries.get(name).start);
  if (starts.some((start, i) => i > 0 && start < starts[i - 1])) file.reader = await keepAll(file);
}

/** Where the last of the ranges ends. */
const endOf = (ranges) =>
  Math.max(0, ...Array.from(ranges, ({ end }) => end));

/** Reads the data of a download into memory. */
async function keepAll({ reader, entries, dataStart }) {
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

const RAW = {
  F32: ['Float32Array'],
  I32: ['Int32Array', 'Uint32Array'],
};

/** The parts in the file's order. Tensors that are neighbours both in the file and in memory are one part. */
function partsOf(entries, arrays) {
  const wanted = [...arrays].map(([name, target]) => ({ entry: entries.get(name), target }));
  wanted.sort((a, b) => a.entry.start - b.entry.start);
  const parts = [];
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

const continues = ({ start, end, target, converted }, next, array) =>
  !converted &&
  end === next &&
  target.buffer === array.buffer &&
  target.byteOffset + (end - start) === array.byteOffset;

async function readPart(file, { start, end, target, converted }) {
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
function truncated({ entries, dataStart }, size) {
  const cut = [...entries]
    .filter(([, { end }]) => dataStart + end > size)
    .sort(([, a], [, b]) => a.start - b.start);
  const [name, { end }] = cut[0];
  return truncatedTensor(name, dataStart + end, size);
}

/** Enough bytes to quote the beginning of a file that is not a weight file. */
const FIRST_BYTES = 24;

async function streamHeader(reader) {
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

async function openBytes(source) {
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

const memoryReader = (bytes) => ({
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

async function openFile(path) {
  const files = await nodeFiles();
  const file = await files.open(path).catch((error) => {
    throw cannotRead(path, error);
  });
  return {
    isSeekable: true,
    read: (into, position) =>
      readAll(file, into, position).catch((error) => {
        throw cannotRead(path, error);
      }),
    close: () => file.close(),
  };
}

async function readAll(file, into, position) {
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
function downloadReader(download, url) {
  let chunk = new Uint8Array(0);
  let at = 0;
  const next = async () => {
    const { value, done } = await download.read().catch((error) => {
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
async function drain(download, most) {
  for (let left = most; left >= 0;) {
    const { value, done } = await download.read();
    if (done) return;
    left -= value.length;
  }
  await download.cancel();
}

/** Names in the file may begin with `module.` (PyTorch's DataParallel). */
function fitTensors(wanted, file) {
  const names = new Map([...file.keys()].map((name) => [name.replace(/^module\./, ''), name]));
  const stored = new Map();
  const left = [];
  for (const { name, shape } of wanted) {
    const own = names.get(name);
    const found = own === undefined ? undefined : file.get(own).shape;
    if (found?.join() === shape.join()) stored.set(name, own);
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
function refuseTensors(call, left, found = 'the file does not fit the model') {
  const problems = left.map(({ name, reason }) => `\n  ${name}: ${reason}`).join('');
  throw new Error(`${call}: ${found}${problems}`);
}

/** Reads the weights as soon as `loading` has resolved, and returns what it has resolved to. */
export async function streamStaged(source, loading, stage) {
  const opening = openWeights(source);
  const [loaded, file] = await Promise.all([loading, opening]).catch(async (error) => {
    await opening.then(closeWeights, () => {});
    throw error;
  });
  try {
    const { name, tensors, steps, flag } = stage(loaded);
    const stored = namesInFile(`${name}.load`, tensors, file.entries, flag);
    const places = new Map(tensors.map((one) => [one.name, one.data]));
    await allowOrder(file, stored.values());
    for (const names of inSteps(tensors, steps)) {
      const arrays = names.map((one) => [stored.get(one), places.get(one)]);
      await readTensors(file, new Map(arrays));
    }
    return loaded;
  } finally {
    await closeWeights(file);
  }
}

/** Loads weights from memory. If they do not fit the model, it throws and nothing changes. */
export function fillStaged({ name, tensors, steps }, bytes) {
  const file = parseSafetensors(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  const stored = namesInFile(`${name}.loadWeights`, tensors, file);
  const places = new Map(tensors.map((one) => [one.name, one.data]));
  for (const names of inSteps(tensors, steps))
    for (const one of names) places.get(one).set(file.get(stored.get(one)).data);
}

/** The names of all tensors in a file. Throws if the file lacks one or has another shape. */
function namesInFile(call, tensors, file, flag) {
  const { stored, left } = fitTensors(tensors, file);
  const others = `the package was compiled with ${flag}, so it only takes its own weight file`;
  if (left.length > 0) refuseTensors(call, left, flag && others);
  return stored;
}

/** The steps, and at the end the names that none of them has. */
function* inSteps(
  tensors,
  steps,
) {
  const left = new Set(tensors.map(({ name }) => name));
  for (const names of steps) {
    for (const name of names) left.delete(name);
    yield names;
  }
  yield [...left];
}

/**
 * The `k` most probable classes from one vector of logits, best first; equal logits are sorted by index. If
 * there are fewer than `k` classes, all are returned. With `probabilities: true` the values are probabilities
 * already and get no softmax.
 */
export function topK(values, k, labels, options = {}) {
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
  const order = numbers.map((_, index) => index).sort((a, b) => numbers[b] - numbers[a] || a - b);
  return order.slice(0, k).map((index) => ({
    index,
    label: labels?.[index] ?? String(index),
    probability: probabilities[index],
  }));
}

function softmax(logits) {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * Turns an image into planes, f32[channels,height,width], and returns them, in `out` if it is given. `pixels`
 * are 8-bit and interleaved, row after row: gray, RGB or RGBA, recognized by their number. Alpha is blended
 * over white. A wrong number of pixels or a wrong option throws an `Error`.
 */
function preprocess(pixels, width, height, options, out) {
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

function checkOptions(options, planes) {
  const extents = [options.width, options.height, options.shortSide ?? 1];
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new Error('preprocess: width, height and shortSide must be whole numbers above 0');
  }
  for (const name of ['mean', 'std']) {
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

function toLevels(pixels, width, height, planes) {
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

function flattenAlpha(rgba, count) {
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const alpha = rgba[i * 4 + 3];
    const white = 255 * (255 - alpha) + 127;
    rgb[i * 3] = ((rgba[i * 4] * alpha + white) / 255) | 0;
    rgb[i * 3 + 1] = ((rgba[i * 4 + 1] * alpha + white) / 255) | 0;
    rgb[i * 3 + 2] = ((rgba[i * 4 + 2] * alpha + white) / 255) | 0;
  }
  return rgb;
}

/** Gray by PIL's integer weights for `L`: 0.299, 0.587 and 0.114 in 16 bits. */
function toGray(rgb, count) {
  const gray = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    gray[i] = (rgb[i * 3] * 19595 + rgb[i * 3 + 1] * 38470 + rgb[i * 3 + 2] * 7471 + 0x8000) >> 16;
  }
  return gray;
}

function placeCrop(width, height, options) {
  const [w, h] = resizedExtents(width, height, options);
  if (w < options.width || h < options.height) {
    throw new Error(
      `preprocess: an image of ${width}x${height} becomes ${w}x${h}, too small to cut ` +
        `${options.width}x${options.height} out of it`,
    );
  }
  const crop = (size, count) => ({ size, first: halfToEven(size - count), count });
  return { x: crop(w, options.width), y: crop(h, options.height) };
}

function resizedExtents(width, height, options) {
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
        `preprocess: resize must be shortSide, stretch or none, got ${String(mode)}`,
      );
  }
}

/** Python's `round(margin / 2)`, which torchvision's centre crop uses. */
function halfToEven(margin) {
  const down = Math.floor(margin / 2);
  return margin % 2 === 1 && down % 2 === 1 ? down + 1 : down;
}

/** PIL's precision: 32 bits minus 8 for the level and 2 for the sign and the overshoot of other filters. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

function triangleTaps(source, axis) {
  const scale = source / axis.size;
  const support = Math.max(scale, 1);
  const narrowing = 1 / support;
  const stride = Math.ceil(support) * 2 + 1;
  const taps = {
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

function resample(image, crop) {
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
function rowsRead({ first, counts }) {
  return [first[0], Math.max(...first.map((row, i) => row + counts[i]))];
}

/** Sums stay below 2^31. With `| 0` and `imul` engines compute them as integers. */
function resampleRow(source, { first, counts, weights, stride }, channels, out) {
  for (let i = 0; i < first.length; i++) {
    let [r, g, b] = [HALF, HALF, HALF];
    let from = first[i] * channels;
    for (let tap = i * stride; tap < i * stride + counts[i]; tap++, from += channels) {
      const weight = weights[tap];
      r = (r + Math.imul(source[from], weight)) | 0;
      if (channels === 1) continue;
      g = (g + Math.imul(source[from + 1], weight)) | 0;
      b = (b + Math.imul(source[from + 2], weight)) | 0;
    }
    out[i * channels] = toLevel(r);
    if (channels === 1) continue;
    out[i * channels + 1] = toLevel(g);
    out[i * channels + 2] = toLevel(b);
  }
}

/** Writes row `i` of the vertical pass to `out`; `rows` begin with source row `firstRow`. */
function blendRows(rows, taps, i, firstRow, out) {
  const sums = new Int32Array(out.length).fill(HALF);
  let from = (taps.first[i] - firstRow) * out.length;
  for (let tap = 0; tap < taps.counts[i]; tap++, from += out.length) {
    const weight = taps.weights[i * taps.stride + tap];
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] + Math.imul(rows[from + x], weight)) | 0;
  }
  for (let x = 0; x < sums.length; x++) out[x] = toLevel(sums[x]);
}

const toLevel = (sum) => Math.min(sum >> PRECISION, 255);

/** A level has only 256 values, so every plane is a table look-up. */
function normalize(image, options, planes, out) {
  const area = image.width * image.height;
  for (let plane = 0; plane < planes; plane++) {
    const table = levelTable(options, plane);
    const channel = options.channels === 'bgr' ? 2 - plane : plane;
    const offset = image.channels === 1 ? 0 : channel;
    for (let i = 0; i < area; i++) out[plane * area + i] = table[image.data[i * image.channels + offset]];
  }
  return out;
}

/** The value of each level in a plane, rounded to f32 after every step like torchvision's tensors. */
function levelTable(options, plane) {
  const scale = options.scale ?? 1 / 255;
  const mean = Math.fround(options.mean?.[plane] ?? 0);
  const std = Math.fround(options.std?.[plane] ?? 1);
  return Float32Array.from({ length: 256 }, (_, level) => {
    const scaled = Math.fround((options.invert ? 255 - level : level) * scale);
    return Math.fround(scaled - mean) / std;
  });
}

/** Classes of images by their tags, which are the same in every frame, and the fields that hold their size. */
const IMAGE_SOURCES = {
  HTMLCanvasElement: ['width', 'height'],
  HTMLImageElement: ['naturalWidth', 'naturalHeight'],
  HTMLVideoElement: ['videoWidth', 'videoHeight'],
  ImageBitmap: ['width', 'height'],
  OffscreenCanvas: ['width', 'height'],
  VideoFrame: ['displayWidth', 'displayHeight'],
};

const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

const isPixels = (value) =>
  Object(value) === value && 'data' in (value);

/** The size of an image. Throws if the value is no image, or an image without pixels. */
function imageExtents(call, image) {
  const names = IMAGE_SOURCES[tagOf(image)] ?? (isPixels(image) ? (['width', 'height']) : undefined);
  if (!names) {
    const kinds = Object.keys(IMAGE_SOURCES).join(', ');
    throw new Error(
      `${call} takes an image (${kinds}, or 8-bit pixels as { data, width, height }), got ${tagOf(image)}`,
    );
  }
  const [width, height] = names.map((name) => (image)[name]);
  const size = `${width}x${height}`;
  if (![width, height].every((extent) => Number.isSafeInteger(extent) && extent > 0))
    throw new Error(
      `${call}: an image of ${size} has no pixels: load it before the call, and do not close it`,
    );
  if (isPixels(image)) checkPixels(call, image, size);
  return [width, height];
}

function checkPixels(call, { data, width, height }, size) {
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
export function preprocessImage(call, options, image, widthOrOut, height, out) {
  if (typeof widthOrOut === 'number')
    return preprocess(image, widthOrOut, height, options, out);
  const extents = imageExtents(call, image);
  const { data } = isPixels(image) ? image : draw(call, image, extents);
  return preprocess(data, ...extents, options, widthOrOut);
}

function draw(call, image, [width, height]) {
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
    const isForeign = (error)?.name === 'SecurityError';
    const reason = isForeign
      ? 'it comes from another origin; load it with `crossOrigin` from a server that allows this (CORS)'
      : messageOf(error);
    throw new Error(`${call}: the image cannot be read: ${reason}`, { cause: error });
  }
}

function createCanvas(width, height) {
  const { OffscreenCanvas, document } = globalThis;
  if (OffscreenCanvas) return new OffscreenCanvas(width, height);
  return document && Object.assign(document.createElement('canvas'), { width, height });
}

/**
 * Detects what the host's WebAssembly supports, by validating the smallest module that uses a feature. Self-contained;
 * works in Node and in browsers.
 */

// An empty module, and modules with one function each: with an i8x16.popcnt, and with an f32x4.relaxed_madd.
const EMPTY = '0061736d01000000';
const SIMD = '0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b';
const RELAXED_SIMD = '0061736d010000000105016000017b030201000a13011100' + '4101fd0f4102fd0f4103fd0ffd85020b';

const validates = (hex) =>
  typeof WebAssembly === 'object' && WebAssembly.validate(bytesOfHex(hex));

const bytesOfHex = (hex) =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));

const hasWasmSimd = () => validates(SIMD);
const hasRelaxedSimd = () => validates(RELAXED_SIMD);

/**
 * Whether the host may compile WebAssembly. The host or a page's content security policy may forbid it for any module.
 */
function mayCompileWasm() {
  try {
    return new WebAssembly.Module(bytesOfHex(EMPTY)) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/**
 * Whether kernels are compiled modules. Hosts that compile nothing at run time, such as workerd, can instantiate them.
 */
const isCompiledWasm = (kernels) => {
  if (typeof kernels !== 'object' || kernels === null) return false;
  if (kernels instanceof WebAssembly.Module) return true;
  const { plain, relaxed = plain } = kernels;
  return plain instanceof WebAssembly.Module && relaxed instanceof WebAssembly.Module;
};

/** The exports of the variant that this host supports, with the given memory. `name` is the model's, for errors. */
export async function instantiateWasm(name, memory, variants, { relaxedSimd = true, kernels } = {}) {
  const variant = relaxedSimd && hasRelaxedSimd() ? 'relaxed' : 'plain';
  const given = kernels === undefined ? undefined : pickKernels(kernels, variant);
  const module = await compileWasm(name, given ?? findFile(name, 'kernels', variants[variant]));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports;
}

const pickKernels = (kernels, variant) => {
  if (typeof kernels !== 'object' || !('plain' in kernels)) return kernels;
  return kernels[variant] ?? kernels.plain;
};

/** Throws an error that names what is missing, if modules of kernels cannot run here. */
function checkWasm(name, { kernels } = {}) {
  if (typeof WebAssembly !== 'object') throw new Error(`${name}: this host has no WebAssembly`);
  if (!hasWasmSimd()) {
    throw new Error(
      `${name}: this host's WebAssembly has no SIMD (128-bit vectors), which the kernels need: ` +
        'Chrome and Edge have it since 91, Firefox since 89, Safari since 16.4, Node since 16.4',
    );
  }
  if (isCompiledWasm(kernels) || mayCompileWasm()) return;
  throw new Error(`${name}: ${hasPolicy() ? FORBIDDEN_BY_POLICY : FORBIDDEN_BY_HOST}`);
}

/**
 * Whether the host has a content security policy. Pages, workers and extensions have a `location`; servers have none.
 */
const hasPolicy = () => typeof location === 'object';

const FORBIDDEN_BY_POLICY =
  "the content security policy forbids WebAssembly: its script-src must allow 'wasm-unsafe-eval'";

const FORBIDDEN_BY_HOST =
  'this host does not compile WebAssembly at run time: import `kernels.wasm` as a module ' +
  'and pass it with the weights, load({ kernels, weights })';

/** Creates a memory of so many pages of 64 KiB. Throws if the host cannot run the kernels. */
export function createWasmMemory(name, pages, options = {}) {
  checkWasm(name, options);
  try {
    return new WebAssembly.Memory({ initial: pages });
  } catch (error) {
    throw new Error(`${name}: the host cannot allocate ${pages * 64} KiB of WebAssembly memory`, {
      cause: error,
    });
  }
}

async function compileWasm(name, source) {
  if (source instanceof WebAssembly.Module) return source;
  const home = locateBytes(source);
  if (home.kind === 'network') return compileFetched(name, home);
  const bytes = await loadBytes(source);
  return WebAssembly.compile(bytes).catch((error) => {
    throw cannotCompile(name, error);
  });
}

/** Compiles a module while it downloads if the server sends it as application/wasm, otherwise after the download. */
async function compileFetched(name, home) {
  const { url } = home;
  const response = await fetchSource(home);
  const type = response.headers.get('content-type') ?? '';
  const isTyped = /^application\/wasm\b/i.test(type);
  const bytes = isTyped ? undefined : await readBody(response, url);
  const compiled = bytes
    ? WebAssembly.compile(bytes)
    : WebAssembly.compileStreaming(response);
  return compiled.catch((error) => {
    throw cannotCompile(name, error, `, from ${url}, which was sent as ${type || 'no type'}`);
  });
}

const cannotCompile = (name, error, where = '') =>
  new Error(`${name}: the kernels cannot be compiled: ${messageOf(error)}${where}`, { cause: error });
