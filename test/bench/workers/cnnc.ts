/**
 * cnnc: a compiled package, used as its README says. With `training` a step on its batch, from the seed's weights.
 * files: `package` (its index.js), `image`, for training `label`, and `dawn` where it runs on WebGPU.
 */
import { openGpu } from './dawn.ts';
import type { Host, Job, Session } from './job.ts';
import { readFloats, readInts } from './numbers.ts';

type Numbers = Readonly<Record<string, Float32Array | Int32Array>>;
type Outputs = Readonly<Record<string, Float32Array>>;

interface Package {
  load(): Promise<{
    forward(inputs: Numbers): Outputs | Promise<Outputs>;
  }>;
  load(options: { readonly training: true; readonly seed: number; readonly learningRate: number }): Promise<{
    trainStep(inputs: Numbers): { readonly loss: number };
  }>;
}

export async function load({ files, task }: Job, host: Host): Promise<Session> {
  if (files['dawn'] !== undefined) await openGpu(files, host);
  const { load: loadPackage } = (await import(host.addressOf(files['package']!))) as Package;
  const image = await readFloats(host, files['image']!);
  if (task === 'inference') {
    const model = await loadPackage();
    return {
      run() {
        const outputs = model.forward({ image });
        return outputs instanceof Promise ? outputs.then(logitsOf) : logitsOf(outputs);
      },
    };
  }
  const label = await readInts(host, files['label']!);
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
