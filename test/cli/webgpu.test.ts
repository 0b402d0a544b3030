/** What the commands do with packages for WebGPU. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFolders, readFolder } from '../support/folders.ts';
import { describeOnGpu } from '../support/gpu.ts';
import { installDawn } from '../support/gpuPackages.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { cnnc } from './support.ts';

const newFolder = createFolders();
const LENET = ['compile', 'models/lenet5.ts', '--weights', 'models/weights/lenet5.safetensors'];

let out: string;
let trained: string;
beforeAll(async () => {
  const folder = newFolder();
  installDawn(folder);
  [out, trained] = [join(folder, 'lenet5'), join(folder, 'trained')];
  const training = ['--train', '--batch', '4', '--micro-batches', '2'];
  for (const flags of [
    ['--out', out],
    ['--out', trained, ...training],
  ]) {
    const { code, err } = await cnnc([...LENET, '--target', 'webgpu', ...flags]);
    expect(code, err).toBe(0);
  }
}, COMPILE_TIMEOUT);

describe('cnnc with the target webgpu', () => {
  it('writes a package without a dependency', () => {
    const files = readFolder(out);
    const manifest = JSON.parse(files.get('package.json')!.toString()) as Record<string, unknown>;
    expect(manifest).not.toHaveProperty('dependencies');
    expect([...files.keys()]).toEqual(expect.arrayContaining(['kernels.ts', 'layers.json', 'graph.txt']));
    expect(files.get('README.md')!.toString()).toContain('await model.forward({ image })');
  });

  it('writes one that trains, and says how', () => {
    const files = readFolder(trained);
    const names = ['trainer', 'step', 'halves/forward', 'halves/memory'].map((one) => `training/${one}.ts`);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['parameters.ts', ...names]));
    for (const name of ['README.md', 'index.ts'])
      expect(files.get(name)!.toString(), name).toContain('await trainer.trainStep({ image, label })');
  });
});

describeOnGpu('on WebGPU', () => {
  interface Measured {
    readonly target: string;
    readonly host: { readonly gpu: string };
    readonly calls: readonly {
      readonly phase: string;
      readonly kernel: string;
      readonly times: number;
      readonly ms: number;
    }[];
    readonly totals: { readonly callsMs: number; readonly minMs: number };
  }

  it('cnnc bench times every call by the clock of the GPU', async () => {
    const { code, out: text, err } = await cnnc(['bench', out, '--runs', '5', '--json', '-']);
    expect(code, err).toBe(0);
    const { target, host, calls, totals } = JSON.parse(text) as Measured;
    expect([target, host.gpu]).toEqual(['webgpu', expect.stringMatching(/\S/)]);
    const layers = JSON.parse(readFileSync(join(out, 'layers.json'), 'utf8')) as {
      phases: { forward: { kernel: string }[] };
    };
    expect(calls.map(({ kernel }) => kernel)).toEqual(layers.phases.forward.map(({ kernel }) => kernel));
    for (const { kernel, ms } of calls) expect(ms, kernel).toBeGreaterThan(0);
    expect(totals.minMs).toBeGreaterThan(0);
  });

  it('cnnc bench times a training step and its parts, and the inference of the same package', async () => {
    const args = ['bench', trained, '--runs', '3', '--json', '-'];
    const { code, out: text, err } = await cnnc([...args, '--training']);
    expect(code, err).toBe(0);
    const { calls, totals } = JSON.parse(text) as Measured;
    const { phases } = JSON.parse(readFileSync(join(trained, 'training', 'layers.json'), 'utf8')) as {
      phases: Record<string, { kernel: string }[]>;
    };
    const expected = (['forward', 'loss', 'step', 'update'] as const).flatMap((phase) =>
      phases[phase]!.map(({ kernel }) => ({ phase, kernel, times: phase === 'update' ? 1 : 2 })),
    );
    expect(calls.map(({ phase, kernel, times }) => ({ phase, kernel, times }))).toEqual(expected);
    for (const { kernel, ms } of calls) expect(ms, kernel).toBeGreaterThan(0);
    expect(totals.minMs).toBeGreaterThan(0);
    const inference = await cnnc(args);
    expect(inference.code, inference.err).toBe(0);
    expect((JSON.parse(inference.out) as Measured).calls.every(({ ms }) => ms > 0)).toBe(true);
  });

  it('cnnc bench names the GPU in its table', async () => {
    const { out: text } = await cnnc(['bench', out, '--runs', '2']);
    expect(text).toMatch(/^lenet5, webgpu, forward: image f32\[1,1,32,32\]\n {2}\S.*medians of 2 runs\n/);
    expect(text).toContain("by the GPU's clock");
  });

  it('cnnc run reads a digit', async () => {
    const ran = await cnnc(['run', out, 'models/images/three.png', '--json', '--top', '1']);
    expect(ran.out, ran.err).toContain('"label": "3"');
  });
});
