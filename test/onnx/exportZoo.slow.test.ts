/** The nets of the zoo exported, imported again, and run: the same outputs as from the model itself. */
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../compiler/driver/exportOnnx.ts';
import { nodeHost } from '../../compiler/host/node.ts';
import { modelNames, zooModel } from '../support/models.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { randomInput } from '../support/weights.ts';
import { importBytes } from './support.ts';
import { livelyWeights, runModel } from './exportSupport.ts';

/** The project's own, for whole nets. */
const TOLERANCE = 1e-4;
/** A minute and more for each of several runs on the TypeScript target. */
const TOO_MUCH_WORK = ['fcn_resnet50', 'unet'];

describe('exported and imported again', () => {
  it.for(modelNames)('%s', async (name, { skip }) => {
    if (TOO_MUCH_WORK.includes(name)) return skip('over 100 G multiply-adds a run');
    const model = await zooModel(name);
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
