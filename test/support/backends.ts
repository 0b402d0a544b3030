/**
 * What graphs are run on in tests: a target's schedules, and the machine that executes its kernels. The wasm target has
 * several: with and without relaxed SIMD, with Winograd's algorithm where it pays, never (`exact`), and wherever it fits,
 * which small images would hardly see otherwise.
 */
import type { Target } from '../../compiler/lowering/target.ts';
import { CONV_WAYS, conv2dRule, type ConvWay } from '../../compiler/targets/wasm/schedules/conv2d/conv2d.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { createWasmTarget, wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { createWebgpuTarget, webgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import type { MachineOptions } from './machine.ts';

export interface Backend {
  readonly name: string;
  readonly target: Target;
  readonly machine: MachineOptions;
  /**
   * What results are off by, in roundings of each stored number. Doubles round once. A sum of up to 256 numbers in f32 is
   * off by the root of as many (their signs are random). Winograd's matrices amplify: Lavin and Gray measure 1e-5 of the
   * largest number for F(2x2), 1e-4 for F(4x4), where a direct sum is off by 5e-7.
   */
  readonly roundings: number;
}

const WINOGRAD = { winograd2: 64, winograd4: 512 };

/** A convolution by this way where it fits, by the cheapest otherwise. */
const preferring = (name: ConvWay['name']): Target => ({
  ...wasmTarget,
  schedules: {
    ...wasmTarget.schedules,
    conv2d: conv2dRule(CONV_WAYS, (_, ways) => ways.find((way) => way.name === name)?.name),
  },
});

const wasm = (name: string, target: Target, roundings: number, relaxed: boolean): Backend => ({
  name: `wasm${name}${relaxed ? ', relaxed SIMD' : ''}`,
  ...{ target, roundings, machine: { target: 'wasm', relaxed } },
});

export const TYPESCRIPT: Backend = {
  name: 'typescript',
  target: typescriptTarget,
  machine: { target: 'typescript' },
  roundings: 1,
};

/**
 * Runs on the device of gpu.ts, not by `machine`. Sums in f32 as on wasm; its exp, tanh and log are off by tens of units where
 * the others' are off by one.
 */
const webgpu = (name: string, target: Target): Backend => ({
  ...{ name, target, roundings: 64 },
  machine: { target: 'webgpu' },
});

const WEBGPU: Backend = webgpu('webgpu', webgpuTarget);
/** Both families of schedules. */
export const WEBGPU_FAMILIES: readonly Backend[] = [
  WEBGPU,
  webgpu('webgpu, tiled', createWebgpuTarget({ family: 'tiled' })),
];

/** The options of packages; small images do not take Winograd's larger tiles. */
export const WASM: Backend = wasm('', wasmTarget, WINOGRAD.winograd4, false);
export const WASM_RELAXED: Backend = wasm('', wasmTarget, WINOGRAD.winograd4, true);
export const WASM_EXACT: Backend = wasm(', exact', createWasmTarget({ precision: 'exact' }), 16, false);
const EXACT_RELAXED = wasm(', exact', createWasmTarget({ precision: 'exact' }), 16, true);

export const WASM_INFERENCE: readonly Backend[] = [
  WASM_EXACT,
  EXACT_RELAXED,
  wasm(', F(2x2)', preferring('winograd2'), WINOGRAD.winograd2, true),
  wasm(', F(4x4)', preferring('winograd4'), WINOGRAD.winograd4, false),
  WASM_RELAXED,
];

export const WASM_TRAINING: readonly Backend[] = [
  wasm('', createWasmTarget({ precision: 'training' }), WINOGRAD.winograd2, false),
  wasm('', createWasmTarget({ precision: 'training' }), WINOGRAD.winograd2, true),
  wasm(', exact', createWasmTarget({ precision: 'exact' }), 16, false),
];
