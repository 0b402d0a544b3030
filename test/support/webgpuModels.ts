/**
 * Packages for WebGPU in this process, on Dawn and SwiftShader, and the TypeScript target beside them: how they are
 * loaded, and what is compared.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create } from 'webgpu';
import { afterEach, expect } from 'vitest';
import type { Model } from 'cnnc';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders } from './folders.ts';
// Chooses the driver.
import './gpu.ts';
import { compilePackage } from './packages.ts';

const newFolder = createFolders();

export type Arrays = Readonly<Record<string, Float32Array>>;
export type Buffers = Readonly<Record<string, GPUBuffer>>;
export type Given = Readonly<Record<string, Float32Array | GPUBuffer>>;

export interface GpuPackage {
  readonly device: GPUDevice;
  readonly family: string;
  readonly precision: string;
  forward(inputs: Given, out?: Arrays): Promise<Arrays>;
  forwardOnGpu(inputs: Given, out?: Buffers): Promise<Buffers>;
  onLost(report: (loss: { reason: string; message: string }) => void): void;
  close(): void;
}

interface LoadOptions {
  readonly gpu?: unknown;
  readonly device?: GPUDevice;
  readonly family?: string;
  readonly precision?: string;
  readonly weights?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Dawn for devices that may be lost. The object is kept from the garbage collector. */
export const dawn = create([]);
(globalThis as { keptByWebgpuModels?: GPU }).keptByWebgpuModels = dawn;

export const freshDevice = async (): Promise<GPUDevice> => (await dawn.requestAdapter())!.requestDevice();

const opened: GpuPackage[] = [];
afterEach(() => opened.splice(0).forEach((model) => model.close()));

export async function write(model: Model, target: 'webgpu' | 'typescript'): Promise<string> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, await compilePackage(model, 'model.ts', { targets: [target] }));
  return folder;
}

/** Each on a device of its own, where none is named. */
export async function load(folder: string, options: LoadOptions = {}): Promise<GpuPackage> {
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(options: LoadOptions): Promise<GpuPackage>;
  };
  const model = await module.load(options.device ? options : { gpu: dawn, ...options });
  opened.push(model);
  return model;
}

/** The TypeScript target's answer. */
export async function reference(model: Model): Promise<(inputs: Arrays) => Arrays> {
  const folder = await write(model, 'typescript');
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(): Promise<{ forward(inputs: Arrays, out: Arrays): Arrays; info: Info }>;
  };
  const { forward, info } = await module.load();
  const out = () =>
    Object.entries(info.outputs).map(([name, { dtype, shape }]) => [name, new ARRAYS[dtype](sizeOf(shape))]);
  return (inputs) => forward(inputs, Object.fromEntries(out()) as Arrays);
}

interface Info {
  readonly outputs: Readonly<
    Record<string, { readonly dtype: keyof typeof ARRAYS; readonly shape: readonly number[] }>
  >;
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

export const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step));

/** Tolerance, relative to the largest number: sums are in another order. */
const TOLERANCE = 1e-4;

export function expectClose(actual: Float32Array | undefined, expected: Float32Array | undefined): void {
  const largest = Math.max(...expected!.map(Math.abs));
  const error = Math.max(...expected!.map((value, i) => Math.abs(value - actual![i]!)));
  expect(actual!.constructor).toBe(expected!.constructor);
  expect(actual!.length).toBe(expected!.length);
  expect(error / largest).toBeLessThan(TOLERANCE);
}

export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error ? error.message : `no Error: ${String(error)}`),
  );
