/** LeNet-5 with its trained weights, compiled as a user would, and a program that reads a digit with it. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { cnnc } from '../cli/support.ts';

/** Compiles LeNet-5 into a folder `name` of the given one. */
export async function compileLenet5(folder: string, name: string, flags: readonly string[]): Promise<void> {
  const weights = ['--weights', 'models/weights/lenet5.safetensors'];
  const out = ['--out', join(folder, name)];
  const { code, err } = await cnnc(['compile', 'models/lenet5.ts', ...weights, ...out, ...flags]);
  expect(code, err).toBe(0);
}

/** No sines: engines differ in their last bits. */
export const INPUTS = `
  const image = Float32Array.from({ length: 1024 }, (_, i) => ((i * 37) % 101) / 50 - 1);
`;

export const readDigit = (from: string, options = '{}') => ({
  imports: `import { load } from '${from}';`,
  body: `${INPUTS}
  const model = await load(${options});
  return { target: model.info.target, logits: [...model.forward({ image }).logits] };`,
});
