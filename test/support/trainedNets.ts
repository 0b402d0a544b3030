/** The trained nets of the test data, compiled from the zoo's models with the files' own names of weights. */
import { readFileSync } from 'node:fs';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import { readSafetensors, toFloat32, type SafetensorsFile } from '../../compiler/frontend/safetensors.ts';
import { sizeOf } from '../../compiler/ir/types.ts';
import type { TargetName } from '../../compiler/targets/index.ts';
import { compiledModel } from './compiled.ts';
import type { MachineOptions } from './machine.ts';
import { modelFile, zooModel } from './models.ts';
import { runProgram, type Outputs } from './runProgram.ts';
import { testdata } from './testdata.ts';

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export function readNet(net: string, part: 'weights' | 'expected'): SafetensorsFile {
  const file = testdata(`nets/${net}/${part}.safetensors`);
  return readSafetensors(readFileSync(file), file);
}

/** A tensor of `expected.safetensors`. */
export function expectedNumbers(net: string, name: string): Numbers {
  const tensor = readNet(net, 'expected').tensors.get(name);
  if (!tensor) throw new Error(`${net} has no expected ${name}`);
  return { shape: tensor.shape, data: toFloat32(tensor) };
}

/** What a net is compiled for, and how that runs. */
export interface NetWay {
  readonly machine: MachineOptions & { readonly target: TargetName };
  /** Whether to compile without Winograd's algorithm. */
  readonly exact?: boolean;
}

/** Compiles for inference; what comes back runs one image. The file must hold exactly the model's weights. */
export async function compileTrained(
  model: string,
  net: string,
  { machine, exact = false }: NetWay,
): Promise<(image: Float32Array) => Outputs> {
  const source = modelFile(model);
  const { program, plan } = compiledModel(await zooModel(model), {
    ...{ source, exact, targets: [machine.target], packedWeights: true },
    weights: (expected) => matchWeights(readNet(net, 'weights'), expected, net).weights,
  });
  return (image) => runProgram(program, plan, { image }, machine);
}

/** One of several, along the first axis. */
export function partOf({ shape, data }: Numbers, index: number): Float32Array {
  const size = sizeOf(shape.slice(1));
  return data.subarray(index * size, (index + 1) * size);
}

/** Interleaved bytes to planes from 0 to 1. */
export function planesOf(pixels: Float32Array, channels = 3): Float32Array {
  const plane = pixels.length / channels;
  return Float32Array.from(pixels, (_, i) => pixels[(i % plane) * channels + Math.floor(i / plane)]! / 255);
}

/** The largest difference, relative to the largest expected number. */
export function worstError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers, not ${expected.length}`);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(found[i]! - expected[i]!);
    difference = distance <= difference ? difference : distance;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference / largest;
}
