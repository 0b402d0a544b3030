/** Packages for WebGPU that cannot be loaded, and the errors that say why. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { runNodeOnGpu } from '../support/gpuPackages.ts';
import { classifier } from '../support/packageModels.ts';
import { compilePackage } from '../support/packages.ts';
import { load, refusal, write } from '../support/webgpuModels.ts';

const newFolder = createFolders();

describeOnGpu('what cannot be loaded on WebGPU is reported', () => {
  const fresh = (): Promise<string> => write(classifier, 'webgpu');

  function change(folder: string, file: string, from: RegExp, to: string): void {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(folder, file), text.replace(from, to));
  }

  it('without an adapter', async () => {
    const gpu = { requestAdapter: async () => null };
    expect(await refusal(load(await fresh(), { gpu }))).toMatch(/^pets: WebGPU finds no adapter/);
  });

  it('on a GPU that is too small', async () => {
    const limits = { maxBufferSize: 1024, maxStorageBufferBindingSize: 2 ** 27 };
    const gpu = { requestAdapter: async () => ({ limits }) };
    const words = /^pets needs a maxBufferSize of \d+ bytes, this GPU has 1024$/;
    expect(await refusal(load(await fresh(), { gpu }))).toMatch(words);
  });

  it('with a kernel that the GPU refuses: which, and of which layer', async () => {
    const folder = await fresh();
    change(folder, 'kernels.js', /(name: 'conv2d[^]*?)fn main\(/, '$1fn mian(');
    expect(await refusal(load(folder))).toMatch(
      /^pets: the GPU rejected the kernel conv2d\w+ of conv1 with conv1\.bn \+ relu: .*main/,
    );
  });

  it('with a kernel that is no WGSL: in which line', async () => {
    const folder = await fresh();
    change(folder, 'kernels.js', /\n {2}let (\w+) = /, '\n  let $1 == ');
    expect(await refusal(load(folder))).toMatch(
      /^pets: the GPU rejected the kernel \w+ of .+: line \d+: expected '='/,
    );
  });

  it('with memory that the GPU refuses', async () => {
    const folder = await fresh();
    change(folder, 'memory.js', /sizes = \{ arena: \d+/, 'sizes = { arena: 256');
    expect(await refusal(load(folder))).toMatch(
      /^pets: the GPU rejected the memory of \w+ in conv1 with conv1\.bn \+ relu: /,
    );
  });

  it('and gives back what it had made on a device of the caller', async () => {
    const device = await runningDevice();
    const made = vi.spyOn(device, 'createBuffer');
    const message = await refusal(load(await fresh(), { device, weights: '/nowhere/weights.safetensors' }));
    expect(message).toMatch(/^cannot read \/nowhere\/weights\.safetensors: ENOENT/);
    const buffers = made.mock.results.map(({ value }) => value as GPUBuffer);
    expect(buffers.length).toBeGreaterThan(0);
    made.mockRestore();
    device.pushErrorScope('validation');
    device.queue.writeBuffer(buffers[0]!, 0, new Float32Array(4));
    expect((await device.popErrorScope())?.message).toMatch(/destroyed/);
  });

  it('in Node without the package webgpu', async () => {
    const folder = newFolder();
    writePackage(
      join(folder, 'package'),
      await compilePackage(classifier, 'model.ts', { targets: ['webgpu'] }),
    );
    const program = `
      import { load } from './package/index.js';
      await load().catch((error) => console.log(error.message));
    `;
    writeFileSync(join(folder, 'main.mjs'), program);
    expect(runNodeOnGpu(folder, 'main.mjs')).toMatch(/^pets: Node has no WebGPU: npm install webgpu/);
  });
});
