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
function checkInputs(call, expected, values, role = 'input') {
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

/**
 * Loads weights into a package that folds and packs them itself. Its `prepare` is a generator: before each group of
 * kernel calls it yields the names of the tensors that must be in their places. Places are used several times, so
 * tensors are read right then. Any safetensors file with the model's names and shapes will do, such as a state dict of
 * PyTorch or what `exportWeights()` of a trainer returns; tensors that the model does not use are skipped. A package with
 * fixed weights takes only its own file, which has other names.
 */

/** The names of all tensors in a file. Throws if the file lacks one or has another shape. */
function namesInFile(call, tensors, file, flag) {
  const { stored, left } = fitTensors(tensors, file);
  const others = `the package was compiled with ${flag}, so it only takes its own weight file`;
  if (left.length > 0) refuseTensors(call, left, flag && others);
  return stored;
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

/** Numbers from WebGPU's specification; Node has no globals for them. */
const USAGE = { mapRead: 1, copyFrom: 4, copyTo: 8, storage: 128 };
const MAP_READ = 1;
const COMPUTE_STAGE = 4;

/** The limits that every device has without a request. */
const DEFAULT_LIMITS = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
const LIMIT_NAMES = ['maxBufferSize', 'maxStorageBufferBindingSize'];

/** Opens a device and chooses the kernels for it. `name` is the model's, for errors. */
async function openDevice(name, needed, options) {
  const { gpu, device } = options;
  checkChoice(name, 'family', options.family, ['blocked', 'tiled']);
  checkChoice(name, 'precision', options.precision, ['f32', 'f16']);
  if (device) {
    const given = device;
    checkLimits(name, needed, given.limits, 'the given device');
    return { device: given, isOwn: false, ...choose(options, given, given.adapterInfo) };
  }
  const adapter = await ((gpu) ?? (await findGpu(name))).requestAdapter();
  if (!adapter)
    throw new Error(`${name}: WebGPU finds no adapter: there is no GPU, or no driver that WebGPU can use`);
  checkLimits(name, needed, adapter.limits, 'this GPU');
  const beyond = LIMIT_NAMES.filter((limit) => needed[limit] > DEFAULT_LIMITS[limit]);
  const requiredLimits = Object.fromEntries(beyond.map((limit) => [limit, needed[limit]]));
  const wanted =
    options.precision === 'f16' ? ['subgroups', 'shader-f16'] : ['subgroups'];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  const own = await adapter.requestDevice({ label: name, requiredFeatures, requiredLimits });
  return { device: own, isOwn: true, ...choose(options, own, own.adapterInfo ?? adapter.info) };
}

/** The caller's choices, completed by what the adapter reports. Only `tiled` kernels have f16. */
function choose({ family, precision }, { features }, info) {
  const chosen = family ?? (info?.isFallbackAdapter ? 'blocked' : 'tiled');
  const canBeHalf = chosen === 'tiled' && features.has('shader-f16');
  return { family: chosen, precision: precision === 'f16' && canBeHalf ? 'f16' : 'f32' };
}

function checkChoice(name, option, given, known) {
  if (given === undefined || known.includes(given)) return;
  const names = known.map((one) => `'${one}'`).join(' or ');
  throw new Error(`${name}: ${option} is ${JSON.stringify(given)}, expected ${names}`);
}

function checkLimits(name, needed, limits, who) {
  for (const limit of LIMIT_NAMES) {
    if (needed[limit] <= limits[limit]) continue;
    throw new Error(`${name} needs a ${limit} of ${needed[limit]} bytes, ${who} has ${limits[limit]}`);
  }
}

async function findGpu(name) {
  const host = globalThis;
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

async function dawn(name) {
  // Never released: collecting it while a device exists would crash the process.
  const kept = globalThis;
  if (kept[DAWN]) return kept[DAWN];
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['web', 'gpu'].join('');
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier));
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
const TILES = { f32: 'alias half4 = vec4f;', f16: 'alias half4 = vec4<f16>;' };

function kernelText(kernel, features, precision) {
  const code = (features.has('subgroups') ? kernel.withSubgroups : undefined) ?? kernel.code;
  if (precision === 'f32' || !code.includes(TILES.f32)) return code;
  return `enable f16;\n${code.replace(TILES.f32, TILES.f16)}`;
}

/** Compiles the phases. Returns a function that records all their dispatches in order. */
async function compilePhases(site, bufferOf, phases, onProgress = () => {}) {
  const calls = callsOf(site, phases);
  const kernels = await compileKernels(site, calls, onProgress);
  const groups = await Promise.all(
    calls.map((call) => bindCall(site, call, bufferOf, kernels.get(call.kernel).layout)),
  );
  const steps = calls.map(({ kernel }, i) => {
    const [columns, rows] = kernel.workgroups;
    return { pipeline: kernels.get(kernel).pipeline, group: groups[i], columns, rows };
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
async function compileAhead(site, phases, onProgress) {
  await compileKernels(site, callsOf(site, phases), onProgress ?? (() => {}));
}

function callsOf({ family }, phases) {
  const calls = [];
  for (const phase of phases) phase((layer, kernel, ranges) => calls.push({ layer, kernel, ranges }), family);
  return calls;
}

/** Creates a buffer. Throws if the GPU has no memory for it. */
async function createBuffer({ name, device, made }, options) {
  const full = (cause) =>
    new Error(`${name}: the GPU has no memory for ${options.size} bytes (${options.label})`, { cause });
  device.pushErrorScope('out-of-memory');
  let buffer;
  let refused;
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
const popError = (device) =>
  device.popErrorScope().catch(() => null);

async function compileKernels(site, calls, onProgress) {
  const first = new Map();
  for (const call of calls) if (!first.has(call.kernel)) first.set(call.kernel, call);
  const cache = cacheOf(site);
  let done = 0;
  const compiled = [...first.values()].map(async (call) => {
    const known = cache.kernels.get(call.kernel) ?? compileNew(site, call, cache);
    cache.kernels.set(call.kernel, known);
    const result = await known;
    onProgress(++done, first.size);
    return [call.kernel, result];
  });
  return new Map(await Promise.all(compiled));
}

const caches = new WeakMap();

function cacheOf(site) {
  const known = caches.get(site) ?? { kernels: new Map(), layouts: new Map() };
  caches.set(site, known);
  return known;
}

async function compileNew(site, call, { layouts }) {
  const layout = bindGroupLayout(site.device, call.kernel, layouts);
  return { layout, pipeline: await compileKernel(site, call, layout) };
}

/** An explicit layout instead of `auto`: kernels with equal bindings share it, and sizes are checked at load. */
function bindGroupLayout(device, { bindings }, known) {
  const entries = bindings.map(({ access, bytes }, binding) => {
    const type = access === 'read' ? 'read-only-storage' : 'storage';
    return { binding, visibility: COMPUTE_STAGE, buffer: { type, minBindingSize: bytes } };
  });
  const key = JSON.stringify(entries);
  const layout = known.get(key) ?? device.createBindGroupLayout({ entries });
  known.set(key, layout);
  return layout;
}

async function compileKernel({ name, device, precision }, { kernel, layer }, layout) {
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

async function bindCall({ name, device }, { kernel, layer, ranges }, bufferOf, layout) {
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
function bindingRange(range) {
  const ranges = 'space' in range ? [range] : range;
  const first = Math.min(...ranges.map(({ offset }) => offset));
  const offset = first - (first % ALIGNMENT);
  const end = Math.max(...ranges.map((one) => one.offset + one.bytes));
  const bytes = Math.ceil((end - offset) / VECTOR_BYTES) * VECTOR_BYTES;
  return { space: ranges[0].space, offset, bytes };
}

function createSession(site, isOwnDevice) {
  const { name, device, made } = site;
  const buffers = new Map();
  const state = { isClosed: false };
  void device.lost.then((loss) => (state.lost = loss));
  const buffer = (space) => {
    const found = buffers.get(space);
    if (!found) throw new Error(`${name}: the session has no buffer for ${space}`);
    return found;
  };
  const session = {
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
      let answer;
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

function submitPass({ site: { device }, buffer }, record, { provide, clear = [], collect } = {}) {
  const encoder = device.createCommandEncoder();
  provide?.(encoder);
  for (const { space, offset, bytes } of clear) encoder.clearBuffer(buffer(space), offset, bytes);
  const pass = encoder.beginComputePass();
  record(pass);
  pass.end();
  collect?.(encoder);
  device.queue.submit([encoder.finish()]);
}

function createReader(session, tensors, parts) {
  const { name, device, made } = session.site;
  let size = 0;
  const places = tensors.map(({ name: tensor, dtype = 'f32', place: range }) => {
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
function takeNumbers(buffer, places, parts, out) {
  const memory = out ? buffer.getMappedRange() : buffer.getMappedRange().slice(0);
  const views = places.map(({ tensor, dtype, range, at }) => {
    return [tensor, new ARRAY_TYPES[dtype](memory, at, (range.bytes / 4) * parts)];
  });
  if (out) for (const [tensor, view] of views) out[tensor].set(view);
  return out ?? Object.fromEntries(views);
}

/** Checks the arguments of calls on WebGPU: arrays as on every target, and GPUBuffers. */

const isGpuBuffer = (value) =>
  typeof value === 'object' && value !== null && typeof (value).mapAsync === 'function';

/** Checks arrays as on every target. A GPUBuffer must be large enough and have `usage`. */
function checkTensors(call, expected, values, role, usage, onlyOnGpu = false) {
  const given = Object(values);
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

const withoutNames = (given, names) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));

function checkGpuBuffer(subject, value, bytes, usage) {
  const { size, usage: has } = value;
  const needed = usage === USAGE.copyFrom ? 'COPY_SRC' : 'COPY_DST';
  if (size < bytes) throw new Error(`${subject} needs a GPUBuffer of ${bytes} bytes, got one of ${size}`);
  if ((has & usage) === 0) throw new Error(`${subject} needs a GPUBuffer with the usage ${needed}`);
}

const forwardPhases = ({ forward, larger = [] }) => [
  forward,
  ...larger.map((one) => one.forward),
];

const openModel = async (session, program, onProgress) => {
  if (program.open) return program.open(session, program, onProgress);
  return createGpuModel(session, program, await session.compile([program.forward], onProgress));
};

/** Opens a device and creates the buffers. If `make` fails, both are released. */
async function withSession(name, { arena, weights, binding, staging }, options, make) {
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

function createGpuModel(session, program, record) {
  const { name, inputs, outputs } = program;
  const readers = createReaders(session, outputs);
  const submit = (call, given, collect) =>
    session.submit(call, record, { provide: (encoder) => provide(session, inputs, given, encoder), collect });
  let kept;
  return {
    device: session.site.device,
    family: session.site.family,
    precision: session.site.precision,
    async forward(given, out) {
      const call = `${name}.forward`;
      session.checkRuns(call);
      checkTensors(call, inputs, given, 'input', USAGE.copyFrom);
      if (out) checkInputs(call, outputs, out, 'out');
      const reader = readers.take();
      const accepted = submit(call, given, reader.collect);
      // Waits for both, because a buffer that is being mapped cannot be used again.
      const [said, read] = await Promise.allSettled([
        accepted,
        reader.read(call, out),
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
      const results = (out) ?? (kept ??= createResults(session, outputs));
      await submit(call, given, (encoder) => {
        for (const { name: output, place } of outputs) {
          const from = session.buffer(place.space);
          encoder.copyBufferToBuffer(from, place.offset, results[output], 0, place.bytes);
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
function provide(session, inputs, given, encoder) {
  for (const { name: input, place } of inputs) {
    const value = given[input];
    if (!isGpuBuffer(value)) session.write(place, value);
    else encoder.copyBufferToBuffer(value, 0, session.buffer(place.space), place.offset, place.bytes);
  }
}

/** Buffers for reading results: as many as there were calls at the same time. */
function createReaders(session, outputs) {
  const idle = [session.createReader(outputs)];
  return {
    take: () => idle.pop() ?? session.createReader(outputs),
    giveBack: (reader) => void idle.push(reader),
  };
}

/** The buffers that `forwardOnGpu` returns if the caller gives none. */
function createResults({ site }, outputs) {
  const { name, device, made } = site;
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  return Object.fromEntries(
    outputs.map(({ name: output, place }) => {
      const buffer = device.createBuffer({ label: `${name}: ${output}`, size: place.bytes, usage });
      made.push(buffer);
      return [output, buffer];
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
const ROWS_KERNEL = `${SHAPE_WGSL}
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
const PLANES_KERNEL = `${SHAPE_WGSL}
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

/** Checks all images before anything runs. If `mayBeFewer`, part of a batch is enough. */
function checkImages(rules, given, mayBeFewer) {
  const { call, batch } = rules;
  const images = Array.isArray(given) ? given : [given];
  const fits = images.length === batch || (mayBeFewer && images.length > 0 && images.length < batch);
  if (!fits || (batch > 1 && !Array.isArray(given))) {
    const wanted = batch === 1 ? 'one image' : `an array of ${batch} images`;
    throw new Error(`${call} takes ${wanted}, got ${Array.isArray(given) ? images.length : 'one'}`);
  }
  return images.map((source) => ({ source, extents: checkImage(rules, source) }));
}

function checkImage({ call, options, most }, source) {
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
function rgbaOf({ data, width, height }) {
  const count = width * height;
  if (data.length === count * 4) return data;
  const channels = data.length / count;
  const rgba = new Uint8Array(count * 4).fill(255);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)];
  return rgba;
}

/** Adds `preprocess`, which computes the model's image input according to `options`. */
export function addPreprocess(model, { name, inputs }, options) {
  // Compiling has checked that one input is a batch of images.
  const input = inputs.find(({ shape, dtype = 'f32' }) => shape.length === 4 && dtype === 'f32');
  const batch = input.shape[0];
  const device = model.device;
  const { family, precision } = model;
  const session = createSession({ name, device, family, precision, made: [] }, false);
  const site = { call: `${name}.preprocess`, device, session, options };
  const bytes = input.place.bytes / batch;
  const rules = { call: site.call, options, batch, most: device.limits.maxTextureDimension2D };
  const runner = createRunner(site, bytes);
  let kept;
  return {
    ...model,
    async preprocess(given, out) {
      session.checkRuns(site.call);
      const images = checkImages(rules, given, out !== undefined);
      if (out !== undefined)
        checkTensors(site.call, [input], { [input.name]: out }, 'out', USAGE.copyTo, true);
      const to = (out) ?? (kept ??= createBatch(site, input.place.bytes));
      await Promise.all(images.map((image, i) => runner.run(image, to, i * bytes)));
      // A lost device reports no errors.
      session.checkRuns(site.call);
      return to;
    },
    close() {
      runner.destroy();
      session.close();
      model.close();
    },
  };
}

/** The buffer that `preprocess` returns if the caller gives none. */
function createBatch({ call, device, session }, size) {
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${call}: images`, size, usage });
  session.site.made.push(buffer);
  return buffer;
}

/** Runs one image after the other through the same memory, as long as they have the same size. */
function createRunner(site, bytes) {
  const { call, session } = site;
  let kernels;
  let place;
  // Work that was submitted before still completes with this memory.
  const destroy = () => {
    place?.destroy();
    for (const buffer of [kernels?.tables, kernels?.result]) buffer?.destroy();
    place = kernels = undefined;
  };
  const take = ({ source, extents }) => {
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
      const collect = (encoder) =>
        encoder.copyBufferToBuffer(result, 0, to, at, bytes);
      const submitted = session.submit(call, record, { collect }).catch((error) => error);
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
function underScopes({ call, device }, make) {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let made;
  let answers;
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

function createKernels(site, bytes) {
  const { call, device, options } = site;
  const compile = (part, code) => {
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

const planesOf = ({ channels }) => (channels === 'gray' ? 1 : 3);

function createFilled({ call, device }, part, numbers, usage = USAGE.storage) {
  const options = { label: `${call}: ${part}`, size: numbers.byteLength, usage: usage | USAGE.copyTo };
  const buffer = device.createBuffer(options);
  device.queue.writeBuffer(buffer, 0, numbers);
  return buffer;
}

/** Numbers from WebGPU's specification. A copy into a texture is done by drawing, so it needs `renderAttachment`. */
const TEXTURE_USAGE = { copyTo: 2, binding: 4, renderAttachment: 16 };
const UNIFORM_USAGE = 64;

function createPlace(site, kernels, extents) {
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
  const tiles = (extent) => Math.ceil(extent / TILE);
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

function createImageMemory(site, extents, x, y, firstRow, rowCount) {
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
function bindImage({ call, device }, pipeline, buffers, texture) {
  const resources = [...buffers.map((buffer) => ({ buffer })), ...(texture ? [texture.createView()] : [])];
  const entries = resources.map((resource, binding) => ({ binding, resource }));
  return device.createBindGroup({ label: call, layout: pipeline.getBindGroupLayout(0), entries });
}

/**
 * Taps in the order in which kernels read them: for each position its first source index, their number, and the taps.
 */
function packTaps({ first, counts, weights, stride }) {
  const packed = new Int32Array(first.length * (stride + 2));
  first.forEach((index, i) => {
    const at = i * (stride + 2);
    packed.set([index, counts[i]], at);
    packed.set(weights.subarray(i * stride, (i + 1) * stride), at + 2);
  });
  return packed;
}

function writeImage({ call, device }, source, { texture, extents }) {
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
export async function forwardImage(model, { name, inputs }, image) {
  const [input] = inputs;
  const device = model.device;
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${name}: one image`, size: input.place.bytes, usage });
  try {
    await model.preprocess(input.shape[0] === 1 ? image : [image], buffer);
    return await model.forward({ [input.name]: buffer });
  } finally {
    buffer.destroy();
  }
}

function writeConstants({ write }, constants) {
  for (const { range, numbers } of constants) write(range, numbers);
}

/** Loads a package that takes other weights as well. */
export const loadStagedModel = (
  program,
  staged,
  source,
  options,
) =>
  loadPrepared(program, staged, source, options, (session, model) => {
    const call = `${program.name}.loadWeights`;
    let last = Promise.resolve();
    const loadWeights = async (other) => {
      session.checkRuns(call);
      await prepareWeights(session, staged, new Uint8Array(other), call).catch((error) =>
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

async function loadPrepared(program, staged, source, options, finish) {
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

async function prepareWeights(session, { weights, stagingBytes, prepare, flag }, bytes, call) {
  const file = parseSafetensors(bytes);
  const stored = namesInFile(call, weights, file, flag);
  const ranges = new Map(weights.map(({ name, range }) => [name, range]));
  const left = new Set(ranges.keys());
  const write = (name) => {
    session.write(ranges.get(name), file.get(stored.get(name)).data);
    left.delete(name);
  };
  if (stagingBytes > 0) await session.addBuffer('staging', stagingBytes);
  try {
    const steps = stepsOf(prepare, session.site.family);
    const records = await Promise.all(steps.map(({ phase }) => session.compile([phase])));
    for (const [i, { names }] of steps.entries()) {
      for (const name of names) write(name);
      await session.submit(call, records[i]);
    }
    for (const name of left) write(name);
  } finally {
    if (stagingBytes > 0) session.removeBuffer('staging');
  }
}

function stepsOf(prepare, family) {
  const steps = [];
  const begin = (names) => steps.push({ names, calls: [] });
  const dispatch = (...call) => {
    if (steps.length === 0) begin([]);
    steps.at(-1).calls.push(call);
  };
  for (const names of prepare?.(dispatch, family) ?? []) begin(names);
  return steps.map(({ names, calls }) => ({
    names,
    phase: (run) => {
      for (const call of calls) run(...call);
    },
  }));
}
