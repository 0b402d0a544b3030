/**
 * A GPU whose devices time every dispatch: each becomes a separate compute pass between two timestamps of the GPU's
 * clock. The package is unchanged; it gets this `gpu` instead of the usual one.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Subject } from './subject.ts';

/** Most dispatches between two calls of `take`. Each needs two timestamps, and WebGPU limits the queries of a set. */
export const MOST_DISPATCHES = 2048;
const TIMESTAMP_BYTES = 8;

export interface GpuTimer {
  /** The option `gpu` of `load`. */
  readonly gpu: GPU;
  /** Milliseconds of every dispatch since the last call, in order. */
  take(): Promise<readonly number[]>;
}

/** Dawn as the package would find it, but without the coarse clock that protects web pages from each other. */
export async function openDawn({ folder, home }: Subject, npmPackage: string): Promise<GPU> {
  try {
    const place = createRequire(resolve(join(home, 'index.js'))).resolve(npmPackage);
    const { create } = (await import(pathToFileURL(place).href)) as { create(options: string[]): GPU };
    const gpu = create(['disable-dawn-features=timestamp_quantization']);
    // The process crashes if it is garbage-collected before its devices.
    (globalThis as { cnncBenchGpu?: GPU }).cnncBenchGpu = gpu;
    return gpu;
  } catch {
    return fail(
      'CNNC5030',
      'package',
      { file: folder },
      `Node.js has no WebGPU here; run npm install ${npmPackage} in the folder of the package`,
    );
  }
}

/** The name that the adapter reports. */
export async function describeGpu(gpu: GPU, { folder }: Subject): Promise<string> {
  const adapter = await gpu.requestAdapter();
  if (!adapter)
    return fail(
      'CNNC5030',
      'package',
      { file: folder },
      'WebGPU finds no adapter: this machine has no GPU or no driver for it',
    );
  if (!adapter.features.has('timestamp-query'))
    return fail(
      'CNNC5030',
      'package',
      { file: folder },
      'this GPU has no timestamp queries, and the measurement needs them',
    );
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, description || device].filter((word) => word !== '').join(' ');
}

export function createGpuTimer(gpu: GPU): GpuTimer {
  let clock: Clock | undefined;
  const wrapDevice = (device: GPUDevice): GPUDevice => {
    const own = (clock = createClock(device));
    return forwarding(device, { createCommandEncoder: () => timedEncoder(device, own) });
  };
  const wrapAdapter = (adapter: GPUAdapter): GPUAdapter =>
    forwarding(adapter, {
      requestDevice: async (options: GPUDeviceDescriptor) => {
        const requiredFeatures = [...(options.requiredFeatures ?? []), 'timestamp-query' as const];
        return wrapDevice(await adapter.requestDevice({ ...options, requiredFeatures }));
      },
    });
  return {
    gpu: forwarding(gpu, {
      requestAdapter: async () => {
        const adapter = await gpu.requestAdapter();
        return adapter && wrapAdapter(adapter);
      },
    }),
    take: () => clock!.take(),
  };
}

/** A proxy of the object with some methods replaced. The other methods are called on the object. */
const forwarding = <T extends object>(real: T, own: Readonly<Record<string, unknown>>): T =>
  new Proxy(real, {
    get(target, name) {
      if (typeof name === 'string' && name in own) return own[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

interface Clock {
  /** The timestamps of the next dispatch's pass; undefined if there are too many. */
  next(): GPUComputePassTimestampWrites | undefined;
  take(): Promise<readonly number[]>;
}

function createClock(device: GPUDevice): Clock {
  const count = 2 * MOST_DISPATCHES;
  const size = count * TIMESTAMP_BYTES;
  const queries = device.createQuerySet({ type: 'timestamp', count });
  // QUERY_RESOLVE | COPY_SRC and MAP_READ | COPY_DST: Node.js has no globals with these names.
  const resolved = device.createBuffer({ size, usage: 0x200 | 4 });
  const staging = device.createBuffer({ size, usage: 1 | 8 });
  let done = 0;
  return {
    next() {
      if (done === MOST_DISPATCHES) return undefined;
      const at = 2 * done++;
      return { querySet: queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
    },
    async take() {
      const [taken, encoder] = [done, device.createCommandEncoder()];
      done = 0;
      encoder.resolveQuerySet(queries, 0, 2 * taken, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, 2 * taken * TIMESTAMP_BYTES);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(1);
      const times = new BigUint64Array(staging.getMappedRange().slice(0));
      staging.unmap();
      return Array.from({ length: taken }, (_, i) => Number(times[2 * i + 1]! - times[2 * i]!) / 1e6);
    },
  };
}

function timedEncoder(device: GPUDevice, clock: Clock): GPUCommandEncoder {
  const encoder = device.createCommandEncoder();
  return forwarding(encoder, {
    beginComputePass: () => timedPass(encoder, clock),
    finish: () => encoder.finish(),
  });
}

/** The methods of a pass that the host of the package calls. */
function timedPass(encoder: GPUCommandEncoder, clock: Clock) {
  let pipeline: GPUComputePipeline | undefined;
  let group: GPUBindGroup | undefined;
  return {
    setPipeline: (given: GPUComputePipeline) => void (pipeline = given),
    setBindGroup: (_: number, given: GPUBindGroup) => void (group = given),
    dispatchWorkgroups(columns: number, rows: number): void {
      const timestampWrites = clock.next();
      const pass = encoder.beginComputePass(timestampWrites && { timestampWrites });
      pass.setPipeline(pipeline!);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(columns, rows);
      pass.end();
    },
    end: () => {},
  };
}
