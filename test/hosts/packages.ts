/** LeNet-5 as every host is given it, and the program that all of them run. */
import { compileLenet5, INPUTS } from '../browser/lenet5.ts';

/** `all`: both targets; `inside`: nothing but JavaScript; `training`: a trainer for both targets. */
export async function compileAll(folder: string): Promise<void> {
  const both = ['--target', 'typescript,wasm'];
  await compileLenet5(folder, 'all', both);
  await compileLenet5(folder, 'inside', ['--target', 'wasm', '--inline', 'all']);
  await compileLenet5(folder, 'training', [...both, '--train', '--batch', '4']);
}

export const IMPORTS = `
import { load } from '../all/index.js';
import { load as loadInside } from '../inside/index.js';
import { load as loadTrainer } from '../training/index.js';`;

export const FORWARD = `${INPUTS}
  const logitsOf = (model) => [model.info.target, ...model.forward({ image }).logits];
  const trainedOn = (trainer) => {
    const batch = { image: Float32Array.from({ length: 4096 }, (_, i) => image[i % 1024]), label: Int32Array.of(3, 1, 4, 1) };
    return [0, 1, 2].map(() => trainer.trainStep(batch).loss);
  };`;

/** All numbers; and what is said where files are missing. */
export const BODY = `${FORWARD}
  const failing = (options) => load(options).then(() => 'loaded', (error) => error.message);
  const training = (target) => loadTrainer({ target, training: true, learningRate: 0.01, relaxedSimd: false });
  return {
    plain: logitsOf(await load({ relaxedSimd: false })),
    fastest: logitsOf(await load()),
    inside: logitsOf(await loadInside()),
    typescript: logitsOf(await load({ target: 'typescript' })),
    wasmLosses: trainedOn(await training('wasm')),
    typescriptLosses: trainedOn(await training('typescript')),
    errors: [
      await failing({ weights: './nowhere.safetensors' }),
      await failing({ kernels: new URL('./nowhere.wasm', import.meta.url) }),
      await failing({ weights: new Response('', { status: 404 }) }),
    ],
  };`;

export interface Numbers {
  readonly plain: readonly unknown[];
  readonly fastest: readonly unknown[];
  readonly inside: readonly unknown[];
  readonly typescript: readonly unknown[];
  readonly wasmLosses: readonly number[];
  readonly typescriptLosses: readonly number[];
  readonly errors: readonly string[];
}

/**
 * What a host says, from what this Node says. `fuses`: whether its relaxed SIMD rounds a multiply-add once, as V8 does on
 * this processor. A host without relaxed SIMD takes the other kernels, which give the numbers of one that rounds twice.
 */
export function expectedOn(node: Numbers, fuses: boolean): Omit<Numbers, 'errors'> {
  const { errors: _, ...numbers } = node;
  return fuses ? numbers : { ...numbers, fastest: node.plain, inside: node.plain };
}
