/** The nets of models/ exported, imported again, and run: the same outputs as from the model itself. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../compiler/index.ts';
import { nodeHost } from '../../compiler/host/node.ts';
import { exportOnnx } from '../../compiler/driver/exportOnnx.ts';
import { loadModel } from '../../compiler/host/loadModel.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { randomInput } from '../support/weights.ts';
import { importBytes } from './support.ts';
import { livelyWeights, runModel } from './exportSupport.ts';

/** The project's own, for whole nets. */
const TOLERANCE = 1e-4;
/** A minute and more for each of several runs on the TypeScript target. */
const TOO_MUCH_WORK = ['fcn_resnet50', 'unet'];

const names = readdirSync('models')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));

async function modelOf(name: string): Promise<Model | undefined> {
  const { default: model } = (await import(`../../models/${name}.ts`)) as { default?: unknown };
  return model === undefined ? undefined : loadModel(`models/${name}.ts`);
}

describe('exported and imported again', () => {
  it.for(names)('%s', async (name, { skip }) => {
    const model = await modelOf(name);
    if (!model) return skip('a function that makes models');
    if (TOO_MUCH_WORK.includes(name)) return skip('over 100 G multiply-adds a run');
    const weights = livelyWeights(model);
    const inputs = Object.fromEntries(
      Object.entries(model.inputs).map(([key, type]) => [key, randomInput(key, type)] as const),
    );
    const expected = runModel(model, weights, inputs);
    for (const folded of [false, true]) {
      const again = importBytes(exportOnnx(model, { weights, folded }, nodeHost), { name });
      const actual = runModel(again.model, again.weights, inputs);
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const output of Object.keys(expected))
        expect(maxRelativeError(actual[output]!, expected[output]!), output).toBeLessThan(TOLERANCE);
    }
  });
});
