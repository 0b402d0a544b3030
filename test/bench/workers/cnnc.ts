/**
 * cnnc: a compiled package, used as its README says. With `training` a step on its batch, from the seed's weights.
 * files: `package` (its index.js), `image`, for training `label`, and `dawn` where it runs on WebGPU.
 */
import { pathToFileURL } from 'node:url';
import { openGpu } from './dawn.ts';
import type { Job, Session } from './job.ts';
import { readFloats, readInts } from './numbers.ts';
import { serve } from './serve.ts';

type Numbers = Readonly<Record<string, Float32Array | Int32Array>>;
type Outputs = Readonly<Record<string, Float32Array>>;

interface Package {
  load(options: { readonly threads: number }): Promise<{
    forward(inputs: Numbers): Outputs | Promise<Outputs>;
  }>;
  load(options: { readonly training: true; readonly seed: number; readonly learningRate: number }): Promise<{
    trainStep(inputs: Numbers): { readonly loss: number };
  }>;
}

async function load({ files, task }: Job): Promise<Session> {
  if (files['dawn'] !== undefined) await openGpu(files);
  const { load: loadPackage } = (await import(pathToFileURL(files['package']!).href)) as Package;
  const image = readFloats(files['image']!);
  if (task === 'inference') {
    const model = await loadPackage({ threads: 1 });
    return {
      run() {
        const outputs = model.forward({ image });
        return outputs instanceof Promise ? outputs.then(logitsOf) : logitsOf(outputs);
      },
    };
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

const logitsOf = (outputs: Outputs): Float32Array => outputs['logits']!;

await serve(load);
