/**
 * Packages for WebGPU in this process, on Dawn and SwiftShader: the TypeScript target's numbers, what is compiled, and
 * WebGPU beside other targets in one package.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';
import type { Model } from 'cnnc';
import { defineModel } from '../../compiler/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import lenet5 from '../../models/lenet5.ts';
import resnet20 from '../../models/resnet20.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { installDawn, runNodeOnGpu } from '../support/gpuPackages.ts';
import { classifier, parameterless, twoInputs } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import { expectClose, load, reference, wave, write } from '../support/webgpuModels.ts';

const newFolder = createFolders();

/** Numbers of several types come back in one copy. */
const integers: Model = defineModel({
  name: 'integers',
  inputs: { x: [3, 4] },
  build: (net, { x }) => ({ largest: net.argMax(x, { axis: 1 }), doubled: net.add(x, x) }),
});

describeOnGpu('a package for WebGPU', () => {
  it.each([
    ['lenet5', lenet5, { image: wave(1024, 0.37) }],
    ['resnet20', resnet20, { image: wave(3072, 0.37) }],
    ['two-inputs', twoInputs, { left: wave(8, 1), right: wave(8, 2) }],
    ['parameterless', parameterless, { image: wave(32, 1) }],
    ['integers', integers, { x: wave(12, 1) }],
  ])(
    "%s computes the TypeScript target's numbers",
    async (_, source, inputs) => {
      const model = await load(await write(source, 'webgpu'));
      const expected = (await reference(source))(inputs);
      const outputs = await model.forward(inputs);
      expect(Object.keys(outputs)).toEqual(Object.keys(expected));
      for (const [name, numbers] of Object.entries(expected)) expectClose(outputs[name], numbers);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'compiles each distinct kernel once, and says how far it is',
    async () => {
      const folder = await write(resnet20, 'webgpu');
      const device = await runningDevice();
      const compiled = vi.spyOn(device, 'createComputePipelineAsync');
      const steps: string[] = [];
      await load(folder, { device, onProgress: (done, total) => steps.push(`${done}/${total}`) });
      type Phase = (dispatch: (layer: string, kernel: object) => void, family: string) => unknown;
      const calls: object[] = [];
      for (const name of ['forward', 'prepare']) {
        const module = (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as Record<
          string,
          Phase
        >;
        const steps = module[name]!((_, kernel) => calls.push(kernel), 'blocked');
        // `prepare` yields in between.
        if (steps !== undefined) expect([...(steps as Iterable<unknown>)].length).toBeGreaterThan(1);
      }
      const kernels = new Set(calls).size;
      expect(compiled).toHaveBeenCalledTimes(kernels);
      expect(kernels).toBeLessThan(calls.length);
      expect(steps).toEqual(Array.from({ length: kernels }, (_, i) => `${i + 1}/${kernels}`));
      compiled.mockRestore();
    },
    COMPILE_TIMEOUT,
  );
});

describeOnGpu('a package with WebGPU among its targets', () => {
  it(
    'runs it when it is asked for, and only then',
    async () => {
      const folder = newFolder();
      installDawn(folder);
      const files = await compilePackage(classifier, 'model.ts', { targets: ['wasm', 'webgpu'] });
      writePackage(join(folder, 'package'), files);
      const program = `
        import { fastestTarget, info, load } from './package/index.js';
        const image = Float32Array.from({ length: 360 }, (_, i) => Math.sin(i));
        const model = await load();
        const gpu = await load({ target: 'webgpu' });
        const answers = [model.forward({ image }), await gpu.forward({ image })];
        const numbers = answers.map(({ logits }) => [...logits]);
        console.log(JSON.stringify([fastestTarget(), model.info.target, gpu.info.target, ...numbers]));
      `;
      writeFileSync(join(folder, 'main.mjs'), program);
      const [fastest, chosen, asked, here, there] = JSON.parse(runNodeOnGpu(folder, 'main.mjs')) as [
        ...[string, string, string],
        ...[number[], number[]],
      ];
      expect([fastest, chosen, asked]).toEqual(['wasm', 'wasm', 'webgpu']);
      expectClose(Float32Array.from(there), Float32Array.from(here));
    },
    COMPILE_TIMEOUT,
  );
});
