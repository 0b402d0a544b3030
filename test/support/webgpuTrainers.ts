/**
 * Trainers of one small net for WebGPU, in this process on Dawn and SwiftShader, and of the TypeScript target beside them:
 * what both take, and what is compared.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach } from 'vitest';
import { defineModel, type Model } from 'cnnc';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders } from './folders.ts';
import { runningDevice } from './gpu.ts';
import { compilePackage } from './packages.ts';

const newFolder = createFolders();

export type Arrays = Readonly<Record<string, Float32Array>>;
export type Given = Readonly<Record<string, unknown>>;
type Result = { readonly loss: number; readonly logits: Float32Array };

/** Promises or not: `await` takes both. */
export interface Trainer {
  readonly hyperparameters: Record<string, number>;
  readonly step: number;
  trainStep(inputs: Given, options?: { readonly results: boolean }): Result | Promise<Result | undefined>;
  forward(inputs: Given): Arrays | Promise<Arrays>;
  predict(inputs: Given): Arrays | Promise<Arrays>;
  backward(gradients: Given): Gradients | Promise<Gradients>;
  applyGradients(gradients: Given): void | Promise<void>;
  exportWeights(): Uint8Array | Promise<Uint8Array>;
  loadWeights(bytes: Uint8Array, options?: { readonly partial: boolean }): LeftOut[] | Promise<LeftOut[]>;
  saveState(): Uint8Array | Promise<Uint8Array>;
  loadState(bytes: Uint8Array): void | Promise<void>;
  close(): void;
}

/** What only a trainer on WebGPU has. */
export interface GpuTrainer extends Trainer {
  readonly device: GPUDevice;
  onLost(report: (loss: { reason: string; message: string }) => void): void;
}

interface Gradients {
  readonly inputs: Arrays;
  readonly parameters: Arrays;
}

interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export const BATCH = 4;
const CLASSES = 3;

/** No bias before the norm: its gradient is rounding errors, of which Adam makes whole steps. */
const model: Model = defineModel({
  name: 'small',
  inputs: { image: [BATCH, 2, 6, 6] },
  build(net, { image }) {
    let x = net.conv2d('conv', image, { channels: 5, kernel: 3, padding: 1, bias: false });
    x = net.dropout(net.relu(net.batchNorm('norm', x)), { p: 0.25 });
    return { logits: net.linear('head', net.flatten(x), { features: CLASSES }) };
  },
});

const opened: Trainer[] = [];
afterEach(() => opened.splice(0).forEach((trainer) => trainer.close()));

type Target = 'webgpu' | 'typescript';
type Training = NonNullable<CompileOptions['training']>;
export type Load<T = GpuTrainer> = (options?: Given) => Promise<T>;

/** `load` of a package of this target; on WebGPU on the one device of all tests, where no other one is named. */
async function compiled<T extends Trainer>(target: Target, training: Training): Promise<Load<T>> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, await compilePackage(model, 'small.ts', { targets: [target], training }));
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(options: Given): Promise<T>;
  };
  return async (options = {}) => {
    const place = target === 'webgpu' ? { device: await runningDevice() } : {};
    // Settings of a training are refused where `training: undefined` asks for inference.
    const settings = 'training' in options ? {} : { training: true, ...SETTINGS };
    const given = Object.entries({ ...settings, ...place, ...options });
    const trainer = await module.load(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
    opened.push(trainer);
    return trainer;
  };
}

/** Adam reads no momentum, which does no harm. */
const SETTINGS = { learningRate: 0.02, momentum: 0.5, weightDecay: 0.01, seed: 7 };

export const image = Float32Array.from({ length: BATCH * 72 }, (_, i) => Math.sin(i * i * 0.013));
export const label = Int32Array.of(0, 2, 1, 2);
export const batch = { image, label };
export const logitGradient = (images = BATCH): { logits: Float32Array } => ({
  logits: Float32Array.from({ length: images * CLASSES }, (_, i) => Math.cos(i) / 4),
});

/** What a call is refused with, whether it throws or rejects. */
export const refusal = async (call: () => unknown): Promise<string> => {
  try {
    await call();
    return 'nothing was refused';
  } catch (error) {
    return error instanceof Error ? error.message : `no Error: ${String(error)}`;
  }
};

/** The same calls on both targets. */
export async function onBoth<T>(
  loads: Loads,
  run: (trainer: Trainer) => Promise<T>,
): Promise<readonly [T, T]> {
  return [await run(await loads.webgpu()), await run(await loads.typescript())];
}

export interface Loads {
  readonly webgpu: Load;
  readonly typescript: Load<Trainer>;
}

export const compileOnGpu = (training: Training): Promise<Load> => compiled('webgpu', training);

export const compileBoth = async (training: Training): Promise<Loads> => ({
  webgpu: await compileOnGpu(training),
  typescript: await compiled('typescript', training),
});

/** The head's bias under another name. */
export const renamed = (weights: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(weights).toString('latin1').replace('"head.bias"', '"tail.bias"'), 'latin1');
