/**
 * `preprocess` of a model on WebGPU: images become the network's input without leaving the GPU. Two kernels compute
 * what runtime/image.ts computes, bit for bit, with its taps and tables. They are compiled at the first image; memory
 * that depends on an image's size is created again only when the size changes. Images are read during the call and the
 * GPU's queue keeps the order, so calls may overlap.
 */
import { levelTable, placeCrop, rowsRead, triangleTaps, type Preprocess, type Taps } from '../image.ts';
import { isPixels, type Extents, type ImageSource } from '../imagePixels.ts';
import { messageOf } from '../weights.ts';
import type { GpuModel, GpuProgram } from './model.ts';
import { PLANES_KERNEL, ROWS_KERNEL, TILE } from './imageKernels.ts';
import { checkImages, rgbaOf, type CheckedImage } from './imageSource.ts';
import { popError } from './program.ts';
import { createSession, type GpuSession, type RecordPass, type Submission } from './session.ts';
import { checkTensors } from './tensors.ts';
import {
  USAGE,
  type BufferLike,
  type DeviceLike,
  type GpuBuffer,
  type Handle,
  type ModuleLike,
} from './types.ts';

export interface GpuPreprocess {
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
