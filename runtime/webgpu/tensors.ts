/** Checks the arguments of calls on WebGPU: arrays as on every target, and GPUBuffers. */
import type { Named } from '../arrays.ts';
import { checkInputs, type Role } from '../check.ts';
import type { GpuTensor } from './program.ts';
import { USAGE, type BufferLike } from './types.ts';

export const isGpuBuffer = (value: unknown): value is BufferLike =>
  typeof value === 'object' && value !== null && typeof (value as BufferLike).mapAsync === 'function';

/** Checks arrays as on every target. A GPUBuffer must be large enough and have `usage`. */
export function checkTensors(
  call: string,
  expected: readonly GpuTensor[],
  values: unknown,
  role: Role,
  usage: number,
  onlyOnGpu = false,
): void {
  const given = Object(values) as Named<unknown>;
  const onGpu = expected.filter(({ name }) => isGpuBuffer(given[name]));
  for (const { name, place } of onGpu)
    checkGpuBuffer(`${call}: ${role} \`${name}\``, given[name], place.bytes, usage);
  const names = new Set(onGpu.map(({ name }) => name));
  const others = expected.filter(({ name }) => !names.has(name));
  const wrong = onlyOnGpu ? others.find(({ name }) => given[name] !== undefined) : undefined;
  if (wrong) throw new Error(`${call}: ${role} \`${wrong.name}\` needs a GPUBuffer`);
  const rest = names.size === 0 ? values : withoutNames(given, names);
  checkInputs(call, others, rest, role);
}

const withoutNames = (given: Named<unknown>, names: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));

function checkGpuBuffer(subject: string, value: unknown, bytes: number, usage: number): void {
  const { size, usage: has } = value as BufferLike;
  const needed = usage === USAGE.copyFrom ? 'COPY_SRC' : 'COPY_DST';
  if (size < bytes) throw new Error(`${subject} needs a GPUBuffer of ${bytes} bytes, got one of ${size}`);
  if ((has & usage) === 0) throw new Error(`${subject} needs a GPUBuffer with the usage ${needed}`);
}
