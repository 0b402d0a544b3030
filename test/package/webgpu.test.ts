/**
 * Packages for WebGPU in this process, on Dawn and SwiftShader: the TypeScript target's numbers, calls that overlap,
 * numbers that stay on the GPU, and what is said when something is wrong.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create } from 'webgpu';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Model } from 'cnnc';
import { defineModel } from '../../compiler/index.ts';
import { writePackage } from '../../compiler/package/write.ts';
import lenet5 from '../../models/lenet5.ts';
import resnet20 from '../../models/resnet20.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { installDawn, runNodeOnGpu } from '../support/gpuPackages.ts';
import { classifier, parameterless, twoInputs } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();

/** Numbers of several types come back in one copy. */
const integers: Model = defineModel({
  name: 'integers',
  inputs: { x: [3, 4] },
  build: (net, { x }) => ({ largest: net.argMax(x, { axis: 1 }), doubled: net.add(x, x) }),
});

type Arrays = Readonly<Record<string, Float32Array>>;
type Buffers = Readonly<Record<string, GPUBuffer>>;
type Given = Readonly<Record<string, Float32Array | GPUBuffer>>;

interface GpuPackage {
  readonly device: GPUDevice;
  forward(inputs: Given, out?: Arrays): Promise<Arrays>;
  forwardOnGpu(inputs: Given, out?: Buffers): Promise<Buffers>;
  onLost(report: (loss: { reason: string; message: string }) => void): void;
  close(): void;
}

interface LoadOptions {
  readonly gpu?: unknown;
  readonly device?: GPUDevice;
  readonly weights?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Its own device each time; Dawn's object is never collected. */
const dawn = create([]);
(globalThis as { keptByWebgpuTest?: GPU }).keptByWebgpuTest = dawn;

const opened: GpuPackage[] = [];
afterEach(() => opened.splice(0).forEach((model) => model.close()));

async function write(model: Model, target: 'webgpu' | 'typescript'): Promise<string> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, await compilePackage(model, 'model.ts', { targets: [target] }));
  return folder;
}

async function load(folder: string, options: LoadOptions = {}): Promise<GpuPackage> {
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(options: LoadOptions): Promise<GpuPackage>;
  };
  const model = await module.load(options.device ? options : { gpu: dawn, ...options });
  opened.push(model);
  return model;
}

/** The TypeScript target's answer. */
async function reference(model: Model): Promise<(inputs: Arrays) => Arrays> {
  const folder = await write(model, 'typescript');
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(): Promise<{ forward(inputs: Arrays, out: Arrays): Arrays; info: Info }>;
  };
  const { forward, info } = await module.load();
  const out = () =>
    Object.entries(info.outputs).map(([name, { dtype, shape }]) => [name, new ARRAYS[dtype](sizeOf(shape))]);
  return (inputs) => forward(inputs, Object.fromEntries(out()) as Arrays);
}

interface Info {
  readonly outputs: Readonly<
    Record<string, { readonly dtype: keyof typeof ARRAYS; readonly shape: readonly number[] }>
  >;
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step));

/** Of the largest number; sums in another order. */
const TOLERANCE = 1e-4;

function expectClose(actual: Float32Array | undefined, expected: Float32Array | undefined): void {
  const largest = Math.max(...expected!.map(Math.abs));
  const error = Math.max(...expected!.map((value, i) => Math.abs(value - actual![i]!)));
  expect(actual!.constructor).toBe(expected!.constructor);
  expect(actual!.length).toBe(expected!.length);
  expect(error / largest).toBeLessThan(TOLERANCE);
}

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error ? error.message : `no Error: ${String(error)}`),
  );

describeOnGpu('a package for WebGPU', () => {
  it.each([
    ['lenet5', lenet5 as Model, { image: wave(1024, 0.37) }],
    ['resnet20', resnet20 as Model, { image: wave(3072, 0.37) }],
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
      const kernels = readFileSync(join(folder, 'kernels.js'), 'utf8').match(/^export const /gm)!.length;
      const calls = readFileSync(join(folder, 'forward.js'), 'utf8').match(/^ {2}dispatch\(/gm)!.length;
      expect(compiled).toHaveBeenCalledTimes(kernels);
      expect(kernels).toBeLessThan(calls);
      expect(steps).toEqual(Array.from({ length: kernels }, (_, i) => `${i + 1}/${kernels}`));
      compiled.mockRestore();
    },
    COMPILE_TIMEOUT,
  );
});

describeOnGpu('calls on WebGPU', () => {
  const LENGTH = 360;
  let folder: string;
  let expected: (inputs: Arrays) => Arrays;
  beforeAll(async () => {
    folder = await write(classifier, 'webgpu');
    expected = await reference(classifier);
  }, COMPILE_TIMEOUT);

  const want = (step: number): Float32Array => expected({ image: wave(LENGTH, step) })['logits']!;

  function bufferOf(device: GPUDevice, numbers: Float32Array, usage = GPUBufferUsage.COPY_SRC): GPUBuffer {
    const buffer = device.createBuffer({ size: numbers.byteLength, usage: usage | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(buffer, 0, numbers as Float32Array<ArrayBuffer>);
    return buffer;
  }

  async function readBuffer(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const staging = device.createBuffer({ size: buffer.size, usage });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return new Float32Array(staging.getMappedRange().slice(0));
  }

  it('may overlap, and take their inputs when they are made', async () => {
    const model = await load(folder);
    const image = new Float32Array(LENGTH);
    const calls = [1, 2, 3, 4, 5].map((step) => {
      image.set(wave(LENGTH, step));
      return model.forward({ image });
    });
    image.fill(NaN);
    const outputs = await Promise.all(calls);
    outputs.forEach(({ logits }, i) => expectClose(logits, want(i + 1)));
  });

  it('give the same bits every time', async () => {
    const model = await load(folder);
    const [first, second] = [await model.forward({ image: wave(LENGTH, 1) }), await load(folder)];
    await model.forward({ image: wave(LENGTH, 2) });
    for (const one of [model, second]) expect(await one.forward({ image: wave(LENGTH, 1) })).toEqual(first);
  });

  it("write into the caller's arrays", async () => {
    const model = await load(folder);
    const out = { logits: new Float32Array(3) };
    expect(await model.forward({ image: wave(LENGTH, 1) }, out)).toBe(out);
    expectClose(out.logits, want(1));
  });

  it('take and leave numbers on the GPU', async () => {
    const model = await load(folder);
    const image = bufferOf(model.device, wave(LENGTH, 1));
    expectClose((await model.forward({ image }))['logits'], want(1));
    const kept = await model.forwardOnGpu({ image });
    expectClose(await readBuffer(model.device, kept['logits']!), want(1));
    const logits = bufferOf(model.device, new Float32Array(3));
    expect(await model.forwardOnGpu({ image: wave(LENGTH, 2) }, { logits })).toEqual({ logits });
    expectClose(await readBuffer(model.device, logits), want(2));
    expectClose(await readBuffer(model.device, kept['logits']!), want(1));
    expect(await model.forwardOnGpu({ image: wave(LENGTH, 3) })).toEqual(kept);
    expectClose(await readBuffer(model.device, kept['logits']!), want(3));
  });

  it('create nothing but a command buffer', async () => {
    const model = await load(folder);
    await model.forward({ image: wave(LENGTH, 1) });
    const created = (
      ['createBuffer', 'createBindGroup', 'createComputePipelineAsync', 'createShaderModule'] as const
    ).map((name) => vi.spyOn(model.device, name));
    const encoders = vi.spyOn(model.device, 'createCommandEncoder');
    for (let i = 0; i < 3; i++) await model.forward({ image: wave(LENGTH, 1) });
    for (const one of created) expect(one).not.toHaveBeenCalled();
    expect(encoders).toHaveBeenCalledTimes(3);
  });

  it('refuse wrong inputs before anything runs', async () => {
    const model = await load(folder);
    const { device } = model;
    const image = wave(LENGTH, 1);
    const call = (inputs: unknown, out?: unknown): Promise<string> =>
      refusal(model.forward(inputs as Given, out as Arrays));
    const start = 'pets.forward';
    expect(await call(undefined)).toBe(`${start} takes its inputs by name, { image }, got undefined`);
    expect(await call({})).toBe(`${start}: input \`image\` is missing, it needs 360 numbers (1x3x12x10)`);
    expect(await call({ imgae: image })).toBe(`${start}: there is no input \`imgae\`, it takes { image }`);
    expect(await call({ image: new Float32Array(3) })).toContain('needs 360 numbers (1x3x12x10), got 3');
    expect(await call({ image: [...image] })).toContain('needs a Float32Array, got an array');
    expect(await call({ image }, { logits: new Float32Array(2) })).toContain('out `logits` needs 3 numbers');
    const short = bufferOf(device, new Float32Array(10));
    expect(await call({ image: short })).toContain('needs a GPUBuffer of 1440 bytes, got one of 40');
    const mute = bufferOf(device, image, 0);
    expect(await call({ image: mute })).toContain('needs a GPUBuffer with the usage COPY_SRC');
    const onGpu = (out: unknown): Promise<string> => refusal(model.forwardOnGpu({ image }, out as Buffers));
    expect(await onGpu({ logits: new Float32Array(3) })).toContain('out `logits` needs a GPUBuffer');
    expect(await onGpu({})).toContain('out `logits` is missing');
    expectClose((await model.forward({ image }))['logits'], want(1));
  });

  it('that the GPU refuses are rejected, and leave the model as it was', async () => {
    const model = await load(folder);
    const image = bufferOf(model.device, wave(LENGTH, 1));
    image.destroy();
    expect(await refusal(model.forward({ image }))).toMatch(/^pets\.forward: the GPU refuses the call: /);
    expect(await refusal(model.forwardOnGpu({ image }))).toMatch(/^pets\.forwardOnGpu: the GPU refuses/);
    expectClose((await model.forward({ image: wave(LENGTH, 2) }))['logits'], want(2));
  });

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

  it('leave a device that was handed in', async () => {
    const device = await runningDevice();
    const [one, other] = [await load(folder, { device }), await load(folder, { device })];
    one.close();
    expect(other.device).toBe(device);
    expectClose((await other.forward({ image: wave(LENGTH, 1) }))['logits'], want(1));
  });
});

describeOnGpu('kernels that reduce over workgroups', () => {
  const wide = defineModel({
    name: 'wide',
    inputs: { x: [2, 1000] },
    build: (net, { x }) => ({ probabilities: net.softmax(x, { axis: 1 }) }),
  });
  const withoutSubgroups = async (): Promise<GPUDevice> => (await dawn.requestAdapter())!.requestDevice();

  it.each([
    ['use subgroups where the GPU has them', async () => ({}), true],
    [
      'do without on a device that was opened without',
      async () => ({ device: await withoutSubgroups() }),
      false,
    ],
  ])('%s', async (_, options, expected) => {
    const compiled = vi.spyOn(GPUDevice.prototype, 'createShaderModule');
    const model = await load(await write(wide, 'webgpu'), await options());
    const codes = compiled.mock.calls.map(([{ code }]) => code);
    compiled.mockRestore();
    expect(model.device.features.has('subgroups')).toBe(expected);
    expect(codes.map((code) => code.includes('enable subgroups;'))).toEqual([expected]);
    const x = wave(2000, 1);
    const want = (await reference(wide))({ x })['probabilities'];
    expectClose((await model.forward({ x }))['probabilities'], want);
  });
});

describeOnGpu('what cannot be loaded on WebGPU is told', () => {
  const fresh = (): Promise<string> => write(classifier, 'webgpu');

  function change(folder: string, file: string, from: RegExp, to: string): void {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(folder, file), text.replace(from, to));
  }

  it('without an adapter', async () => {
    const gpu = { requestAdapter: async () => null };
    expect(await refusal(load(await fresh(), { gpu }))).toMatch(/^pets: WebGPU is there, but has no adapter/);
  });

  it('on a GPU that is too small', async () => {
    const limits = { maxBufferSize: 1024, maxStorageBufferBindingSize: 2 ** 27 };
    const gpu = { requestAdapter: async () => ({ limits }) };
    const words = /^pets needs a maxBufferSize of \d+ bytes, this GPU has 1024$/;
    expect(await refusal(load(await fresh(), { gpu }))).toMatch(words);
  });

  it('with a kernel that the GPU refuses: which, and of which layer', async () => {
    const folder = await fresh();
    change(folder, 'kernels.js', /fn main\(/, 'fn mian(');
    expect(await refusal(load(folder))).toMatch(
      /^pets: the GPU refuses the kernel conv2d\w+ of conv1 with conv1\.bn \+ relu: .*main/,
    );
  });

  it('with a kernel that is no WGSL: in which line', async () => {
    const folder = await fresh();
    change(folder, 'kernels.js', /\n {2}let (\w+) = /, '\n  let $1 == ');
    expect(await refusal(load(folder))).toMatch(
      /^pets: the GPU refuses the kernel \w+ of .+: line \d+: expected '='/,
    );
  });

  it('with memory that the GPU refuses', async () => {
    const folder = await fresh();
    change(folder, 'memory.js', /sizes = \{ arena: \d+/, 'sizes = { arena: 256');
    expect(await refusal(load(folder))).toMatch(
      /^pets: the GPU refuses the memory of \w+ in conv1 with conv1\.bn \+ relu: /,
    );
  });

  it('and gives back what it had made on the device of somebody else', async () => {
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
    expect(runNodeOnGpu(folder, 'main.mjs')).toMatch(
      /^pets: Node has no WebGPU of its own: npm install webgpu/,
    );
  });
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
