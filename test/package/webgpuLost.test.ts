/** A device that is lost under a model's calls; and that closing is no loss. */
import { beforeAll, expect, it } from 'vitest';
import { describeOnGpu } from '../support/gpu.ts';
import { classifier } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { expectClose, load, reference, refusal, wave, write, type Arrays } from '../support/webgpuModels.ts';

const LENGTH = 360;

describeOnGpu('calls of a model on WebGPU', () => {
  let folder: string;
  let expected: (inputs: Arrays) => Arrays;
  beforeAll(async () => {
    folder = await write(classifier, 'webgpu');
    expected = await reference(classifier);
  }, COMPILE_TIMEOUT);

  const want = (step: number): Float32Array => expected({ image: wave(LENGTH, step) })['logits']!;

  it('are rejected when the device is lost, which is told', async () => {
    const model = await load(folder);
    const reports: string[] = [];
    model.onLost(({ reason }) => reports.push(reason));
    const pending = refusal(model.forward({ image: wave(LENGTH, 1) }));
    model.device.destroy();
    const message = /^pets\.forward: the GPU device was lost, load the model again/;
    expect(await pending).toMatch(message);
    expect(await refusal(model.forward({ image: wave(LENGTH, 1) }))).toMatch(message);
    expect(reports).toEqual(['destroyed']);
    const again = await load(folder);
    expectClose((await again.forward({ image: wave(LENGTH, 1) }))['logits'], want(1));
  });

  it('are rejected when the model is closed, which is no loss', async () => {
    const model = await load(folder);
    const reports: unknown[] = [];
    model.onLost((loss) => reports.push(loss));
    const pending = refusal(model.forward({ image: wave(LENGTH, 1) }));
    model.close();
    model.close();
    expect(await pending).toBe('pets.forward: the model is closed');
    expect(await refusal(model.forward({ image: wave(LENGTH, 1) }))).toBe(
      'pets.forward: the model is closed',
    );
    await model.device.lost;
    expect(reports).toEqual([]);
  });
});
