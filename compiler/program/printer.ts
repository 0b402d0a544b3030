/**
 * A program as text, with one line for each buffer and each call, as `--dump-ir` writes it.
 *
 *     buffer conv1: temporary f32[1,6,28,28] nhwc, 4704 numbers at 4096
 *     conv2d_5x5_1to6_relu(image, conv1_weight_ohwi4, conv1_bias, conv1)  direct, 2 pixels x 4 channels
 */
import type { MemoryPlan } from './memoryPlan.ts';
import type { Buffer, CallVariant, KernelCall, Program } from './types.ts';

/** Prints a program. With a plan, buffers of the arena show their offsets in bytes. */
export function printProgram(program: Program, plan?: Pick<MemoryPlan, 'placements'>): string {
  const read = new Set(program.phases.flatMap(({ calls }) => calls.flatMap(({ args }) => args)));
  const buffers = program.buffers.filter(({ id, role }) => read.has(id) || role === 'output');
  const phases = program.phases.flatMap(({ name, calls }) => [
    '',
    `  ${name}`,
    ...calls.flatMap((call) => callLines(program, call)).map((line) => `    ${line}`),
  ]);
  return [
    `program ${program.name}`,
    ...buffers.map((one) => `  ${bufferLine(program, one, plan)}`),
    ...phases,
    '',
  ].join('\n');
}

function bufferLine({ buffers }: Program, buffer: Buffer, plan?: Pick<MemoryPlan, 'placements'>): string {
  const { name, role, element, layout, length, within, id } = buffer;
  const offset = plan?.placements.get(id)?.offset;
  const place = within
    ? `, in ${buffers[within.buffer]!.name} from ${within.offset}`
    : offset === undefined
      ? ''
      : `, at byte ${offset}`;
  return `buffer ${name}: ${role} ${element}[${layout.shape.join(',')}] ${layout.name}, ${length} numbers${place}`;
}

function callLines({ buffers }: Program, call: KernelCall): string[] {
  const args = call.args.map((id) => buffers[id]!.name).join(', ');
  const text = ({ kernel, schedule }: CallVariant): string => `${kernel.name}(${args})  ${schedule}`;
  const variants = Object.entries(call.variants ?? {}).map(([choice, one]) => `  or ${choice}: ${text(one)}`);
  return [`${text(call)}; ${call.label}`, ...variants];
}
