/**
 * Puts a GPU into a Node process as browsers have it: `navigator.gpu`, by Dawn of the npm package `webgpu`. The driver is
 * what VK_DRIVER_FILES names, so it must be in the environment before. files: `dawn` (the package's folder).
 */
import type { Host } from './job.ts';

interface Dawn {
  create(options: readonly string[]): object;
  readonly globals: object;
}

/** Collected while a device lives, Dawn's object takes the process with it. */
const kept: unknown[] = [];

export async function openGpu(files: Readonly<Record<string, string>>, host: Host): Promise<void> {
  const dawn = (await import(host.addressOf(`${files['dawn']!}/index.js`))) as Dawn;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  kept.push(gpu);
  (globalThis as { cnncKept?: unknown }).cnncKept = kept;
  const navigator = { gpu, userAgent: `Node ${process.version}`, hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}
