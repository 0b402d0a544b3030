/**
 * Dawn in tests: SwiftShader for running shaders, the null back end for validating them. The driver is chosen
 * before anything else asks for an adapter, in the main thread or a forked process. Where it is not installed, the tests
 * that run shaders are skipped and say so; with `CI=true` they fail instead. Validating needs no driver.
 */
import { existsSync } from 'node:fs';
import { create, globals } from 'webgpu';
import { describe, it } from 'vitest';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

export const hasDriver = process.env['VK_DRIVER_FILES'] !== undefined || existsSync(DRIVER);
if (hasDriver) process.env['VK_DRIVER_FILES'] ??= DRIVER;

Object.assign(globalThis, globals);

/** Collected while a device lives, Dawn's object takes the process with it. */
const keep = globalThis as { cnncGpus?: unknown[] };

function open(options: string[]): GPU {
  const gpu = create(options);
  (keep.cnncGpus ??= []).push(gpu);
  return gpu;
}

/** SwiftShader has subgroups of four and no f16, the null back end has everything. */
const FEATURES = ['subgroups', 'shader-f16'] as const;

async function device(options: string[]): Promise<GPUDevice> {
  const adapter = await open(options).requestAdapter();
  if (!adapter)
    throw new Error(`Dawn has no adapter with [${options.join(', ')}]; is chromium-common installed?`);
  const one = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
  });
  (keep.cnncGpus ??= []).push(one);
  return one;
}

let running: Promise<GPUDevice> | undefined;
let validating: Promise<GPUDevice> | undefined;

/** SwiftShader, or what VK_DRIVER_FILES names. */
export const runningDevice = (): Promise<GPUDevice> => (running ??= device([]));
/** Tint's front end without a driver. */
export const validatingDevice = (): Promise<GPUDevice> => (validating ??= device(['backend=null']));

/** `describe` for what runs shaders. */
export function describeOnGpu(name: string, body: () => void): void {
  if (hasDriver) {
    describe(name, body);
    return;
  }
  const message = `needs a Vulkan driver: ${DRIVER} is missing (apt-get install chromium-common)`;
  describe(name, () => {
    if (process.env['CI'] === 'true') {
      it(message, () => {
        throw new Error(message);
      });
    } else it.skip(message);
  });
}

/** What is in a buffer with the usage COPY_SRC when everything has run. */
export async function bytesOf(device: GPUDevice, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: buffer.size, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return bytes;
}

/** What Dawn says is wrong with the shader; nothing where all is well. */
export async function validateShader(gpu: GPUDevice, code: string): Promise<readonly string[]> {
  gpu.pushErrorScope('validation');
  const module = gpu.createShaderModule({ code });
  gpu.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const { messages } = await module.getCompilationInfo();
  const error = await gpu.popErrorScope();
  const said = messages.map(
    ({ lineNum, message }) => `${lineNum}: ${message} | ${code.split('\n')[lineNum - 1]}`,
  );
  return error ? [...said, error.message] : said;
}
