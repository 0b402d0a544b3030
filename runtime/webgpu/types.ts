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

export interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>;
}

export interface GpuLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}

/** `isFallbackAdapter` is true for an adapter that emulates a GPU on the CPU. */
export interface AdapterInfo {
  readonly isFallbackAdapter?: boolean;
}

/** Optional features of an adapter or device. */
export interface GpuFeatures {
  has(name: GpuFeature): boolean;
}

export type GpuFeature = 'shader-f16' | 'subgroups';

export interface AdapterLike {
  readonly limits: GpuLimits;
  readonly features: GpuFeatures;
  readonly info?: AdapterInfo;
  requestDevice(options: {
    readonly label: string;
    readonly requiredFeatures: readonly GpuFeature[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<DeviceLike>;
}

export interface BufferLike {
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
export type Handle = object;

export interface ModuleLike {
  getCompilationInfo(): Promise<{
    readonly messages: Iterable<{
      readonly type: string;
      readonly lineNum: number;
      readonly message: string;
    }>;
  }>;
}

export interface PassLike {
  setPipeline(pipeline: Handle): unknown;
  setBindGroup(index: number, group: Handle): unknown;
  dispatchWorkgroups(columns: number, rows: number): unknown;
  end(): unknown;
}

export interface EncoderLike {
  beginComputePass(): PassLike;
  copyBufferToBuffer(from: BufferLike, start: number, to: BufferLike, at: number, bytes: number): unknown;
  clearBuffer(buffer: BufferLike, offset: number, bytes: number): unknown;
  finish(): Handle;
}

export interface BindGroupEntry {
  readonly binding: number;
  readonly resource: { readonly buffer: BufferLike; readonly offset: number; readonly size: number };
}

export interface LayoutEntry {
  readonly binding: number;
  readonly visibility: number;
  readonly buffer: { readonly type: string; readonly minBindingSize: number };
}

export interface DeviceLike {
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
export const USAGE = { mapRead: 1, copyFrom: 4, copyTo: 8, storage: 128 } as const;
export const MAP_READ = 1;
export const COMPUTE_STAGE = 4;

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

export interface GpuBinding {
  readonly name: string;
  readonly access: 'read' | 'read_write';
  readonly bytes: number;
}

/** A range of one of the package's buffers, in bytes. */
export interface GpuRange {
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
