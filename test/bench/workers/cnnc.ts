/**
 * cnnc: a compiled package, used as its README says. With `training` a step on its batch, from the seed's weights.
 * files: `package` (its index.js), `image`, and for training `label`.
 */
import { pathToFileURL } from 'node:url';
import type { Job, Session } from './job.ts';
import { readFloats, readInts } from './numbers.ts';
import { serve } from './serve.ts';

type Numbers = Readonly<Record<string, Float32Array | Int32Array>>;

interface Package {
  load(options: { readonly threads: number }): Promise<{
    forward(inputs: Numbers): Readonly<Record<string, Float32Array>>;
  }>;
  load(options: { readonly training: true; readonly seed: number; readonly learningRate: number }): Promise<{
    trainStep(inputs: Numbers): { readonly loss: number };
  }>;
}

async function load({ files, task }: Job): Promise<Session> {
  const { load: loadPackage } = (await import(pathToFileURL(files['package']!).href)) as Package;
  const image = readFloats(files['image']!);
  if (task === 'inference') {
    const model = await loadPackage({ threads: 1 });
    return { run: () => model.forward({ image })['logits']! };
  }
  const label = readInts(files['label']!);
  const trainer = await loadPackage({ training: true, seed: 1, learningRate: 1e-3 });
  const loss = new Float32Array(1);
  return {
    run() {
      loss[0] = trainer.trainStep({ image, label }).loss;
      return loss;
    },
  };
}

await serve(load);
