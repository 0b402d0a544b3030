/**
 * Packages on WebGPU in a process of their own: with Dawn, the npm package `webgpu`, where npm would put it, and the
 * driver that the tests have.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import type { TargetName } from '../../compiler/targets/index.ts';
import { runNode } from './folders.ts';
import { describeOnGpu } from './gpu.ts';

const DAWN = dirname(fileURLToPath(import.meta.resolve('webgpu')));

/** Links `webgpu` into the folder, as `npm install webgpu` would. */
export function installDawn(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(DAWN, join(folder, 'node_modules', 'webgpu'));
}

/** `runNode` with the driver; the folder has Dawn. */
export function runNodeOnGpu(folder: string, ...args: string[]): string {
  const { PATH, VK_DRIVER_FILES } = process.env;
  return execFileSync(process.execPath, args, {
    cwd: folder,
    env: { PATH, VK_DRIVER_FILES },
    encoding: 'utf8',
  });
}

/** What a program prints that uses packages of this target. */
export const runNodeFor = (target: TargetName): typeof runNode =>
  target === 'webgpu' ? runNodeOnGpu : runNode;

/** `describe` for what runs packages of this target. */
export const describeRunning = (target: TargetName, name: string, body: () => void): void =>
  target === 'webgpu' ? describeOnGpu(name, body) : void describe(name, body);
