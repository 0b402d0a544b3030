/**
 * Calls of a model on WebGPU: they may overlap, take and leave numbers on the GPU, create nothing again, and an error in
 * one does not affect the others.
 */
import { beforeAll, expect, it, vi } from 'vitest';
import { bytesOf, describeOnGpu, runningDevice } from '../support/gpu.ts';
import { classifier } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import {
  expectClose,
  load,
  reference,
  refusal,
  wave,
  write,
  type Arrays,
  type Buffers,
  type Given,
} from '../support/webgpuModels.ts';

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

  const readBuffer = async (device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> =>
    new Float32Array(await bytesOf(device, buffer));

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
    expect(await call({})).toBe(`${start}: input \`image\` is missing; it needs 360 numbers (1x3x12x10)`);
    expect(await call({ imgae: image })).toBe(`${start}: there is no input \`imgae\`; it takes { image }`);
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
    expect(await refusal(model.forward({ image }))).toMatch(/^pets\.forward: the GPU rejected the call: /);
    expect(await refusal(model.forwardOnGpu({ image }))).toMatch(/^pets\.forwardOnGpu: the GPU rejected/);
    expectClose((await model.forward({ image: wave(LENGTH, 2) }))['logits'], want(2));
  });

  it('that fail half way close their error scope and release their buffers', async () => {
    const model = await load(folder);
    const { device } = model;
    const feigned = { size: 1440, usage: GPUBufferUsage.COPY_SRC, mapAsync: () => undefined };
    const image = feigned as unknown as GPUBuffer;
    expect(await refusal(model.forward({ image }))).not.toBe('nothing was refused');
    await expect(device.popErrorScope()).rejects.toThrow();
    const made = vi.spyOn(device, 'createBuffer');
    for (let i = 0; i < 3; i++) {
      const out = { logits: new Float32Array(3) };
      const pending = refusal(model.forward({ image: wave(LENGTH, 1) }, out));
      structuredClone(out.logits.buffer, { transfer: [out.logits.buffer] });
      expect(await pending).toMatch(/^pets\.forward: the results cannot be read: /);
    }
    for (const { value } of made.mock.results) expect((value as GPUBuffer).mapState).toBe('unmapped');
    made.mockRestore();
    expectClose((await model.forward({ image: wave(LENGTH, 1) }))['logits'], want(1));
  });

  it('leave a device that was handed in', async () => {
    const device = await runningDevice();
    const [one, other] = [await load(folder, { device }), await load(folder, { device })];
    one.close();
    expect(other.device).toBe(device);
    expectClose((await other.forward({ image: wave(LENGTH, 1) }))['logits'], want(1));
  });
});
