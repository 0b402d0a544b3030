/** Descriptions of buffers for comments, and the selections of buffers that a module's files list. */
import { runCalls } from '../program/liveness.ts';
import type { MemoryPlan, Placement } from '../program/memoryPlan.ts';
import type { Buffer, PhaseName, Program, Timeline } from '../program/types.ts';
import { commentText } from './text.ts';

const lifetimeText = ({ lifetime: { from, to } }: Placement, calls: number): string => {
  const first = from < 0 ? 'the start' : `call ${from}`;
  return `from ${first} to ${to >= calls ? 'the end' : `call ${to}`}`;
};

const shapeText = (buffer: Buffer): string => `${buffer.element}[${buffer.layout.shape.join(',')}]`;

const layoutText = (buffer: Buffer): string =>
  buffer.layout.name === 'rowMajor' ? '' : `, ${buffer.layout.name}`;

/** The type and layout of a buffer: `f32[1,64,56,56], nhwc`. */
export const describeBuffer = (buffer: Buffer): string =>
  commentText(`${shapeText(buffer)}${layoutText(buffer)}`);

/** A buffer in a memory plan. */
export interface PlacedBuffer {
  readonly buffer: Buffer;
  /** The offset from the arena's start, in bytes. */
  readonly offset: number;
  /** Shape, layout and lifetime: `f32[1,10], from call 6 to the end`. */
  readonly text: string;
  /** Whether its numbers are kept until all calls are done. */
  readonly isKept: boolean;
}

/** `timeline` is that of the plan, or the number of its calls. */
export function placedBuffers(
  program: Program,
  plan: MemoryPlan,
  timeline: Timeline | number,
): PlacedBuffer[] {
  const calls = typeof timeline === 'number' ? timeline : runCalls(program, timeline).length;
  return [...plan.placements.values()]
    .sort((a, b) => a.buffer - b.buffer)
    .map((placement) => {
      const buffer = program.buffers[placement.buffer]!;
      return {
        buffer,
        offset: placement.offset,
        text: `${describeBuffer(buffer)}, ${lifetimeText(placement, calls)}`,
        isKept: placement.lifetime.to >= calls,
      };
    });
}

/** The name of a constant in the weight file: PyTorch's name if the numbers are unchanged. */
export const weightName = (buffer: Buffer): string => buffer.publicName ?? buffer.name;

export const constantsOf = (program: Program): Buffer[] =>
  program.buffers.filter((buffer) => buffer.role === 'constant' && buffer.data);

/** Constants in the order in which a run reads them. Those that only other programs read come last. */
export function runConstants(program: Program): Buffer[] {
  const read = [...new Set([...runCalls(program).flatMap((call) => call.args), ...(program.kept ?? [])])];
  return read.map((id) => program.buffers[id]!).filter(({ role }) => role === 'constant');
}

/** Constants that the calls of any phase read, `prepare` included. */
export function readConstants(program: Program): Buffer[] {
  const calls = program.phases.flatMap((phase) => phase.calls);
  const read = new Set([...calls.flatMap((call) => call.args), ...(program.kept ?? [])]);
  return constantsOf(program).filter((buffer) => read.has(buffer.id));
}

/** The constants among them that no weight file holds. They are small, and the code of the package writes them. */
export const ownConstants = (program: Program): Buffer[] =>
  readConstants(program).filter(({ publicName }) => publicName === undefined);

/** Whether the phase runs in the memory of a whole step. `backward` and `update` touch the same buffers as `step`. */
export const runsIn = (name: PhaseName, timeline: Timeline): boolean =>
  name === 'prepare' || timeline.includes(name) || (name !== 'inputGradient' && timeline.includes('step'));
