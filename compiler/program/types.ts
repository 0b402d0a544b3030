/**
 * A program: an ordered list of kernel calls on buffers. Shapes have become lengths, layouts have become
 * index arithmetic inside the kernels; what is left is which kernel runs on which numbers, and in which
 * order. Targets print programs; they never see the graph.
 */
import type { Origin } from '../ir/types.ts';
import type { Layout } from '../kernel/layout.ts';
import type { ElementType, Kernel } from '../kernel/types.ts';

export type BufferId = number;

/**
 * `input` is written by the caller before the first call, `output` is read after the last one; `parameter`
 * lives as long as the model, `constant` comes with the program; `temporary` lives between calls of one
 * run.
 */
export type BufferRole = 'input' | 'output' | 'parameter' | 'constant' | 'temporary';

export interface Buffer {
  readonly id: BufferId;
  /** An identifier, unique in the program: `layer1_0_conv1`. */
  readonly name: string;
  readonly element: ElementType;
  /** In elements. */
  readonly length: number;
  readonly role: BufferRole;
  readonly layout: Layout;
  /** What an `input`, `output` or `parameter` is called outside. */
  readonly publicName?: string;
  /** A part of another buffer's memory, from this element on. */
  readonly within?: { readonly buffer: BufferId; readonly offset: number };
  /** The numbers of a `constant`. */
  readonly data?: ArrayLike<number>;
  readonly origin: Origin;
}

export interface KernelCall {
  readonly kernel: Kernel;
  /** One buffer for each of the kernel's, in their order. */
  readonly args: readonly BufferId[];
  /** Positions in `args` of operands whose storage the result may take over when they die here. */
  readonly mayOverwrite: readonly number[];
  readonly origin: Origin;
  /** What is computed, for comments: `conv1 + bn1 + relu`. */
  readonly label: string;
  /** The result's type: `f32[1,64,112,112]`. */
  readonly result: string;
  /** Which builder made the kernel, and with which tile: `direct 4x4` or `loops`. */
  readonly schedule: string;
  /** What may run instead, on the same `args`, by the name of what is chosen when a package is loaded. */
  readonly variants?: Readonly<Record<string, CallVariant>>;
  /** Of `prepare`: the kernel before the target's passes, as the compiler itself can run it. */
  readonly plain?: Kernel;
  /** Its kernels as they were built and after each pass that has changed them, where a dump is wanted. */
  readonly stages?: readonly KernelStage[];
  readonly multiplyAdds: number;
  readonly bytes: number;
}

export interface KernelStage {
  readonly kernel: Kernel;
  /** Absent: as it was built. */
  readonly pass?: string;
  /** Of this variant of the call; absent: of the call itself. */
  readonly variant?: string;
}

export type CallVariant = Pick<KernelCall, 'kernel' | 'schedule'>;

/** The call as this choice has it. */
export const variantOf = (call: KernelCall, choice: string): KernelCall => {
  const { variants, ...own } = call;
  return { ...own, ...variants?.[choice] };
};

/**
 * `prepare` runs once and makes from parameters what the others read (folded, packed weights); its results
 * outlive it.
 */
export type PhaseName =
  'prepare' | 'forward' | 'loss' | 'backward' | 'inputGradient' | 'accumulate' | 'update' | 'step';

/** Phases that run one after the other on the same memory. */
export type Timeline = readonly PhaseName[];

/** Inference is its first phase; the others are the halves of training, each to be called by itself. */
export const HALVES: Timeline = ['forward', 'loss', 'backward', 'inputGradient', 'update'];

/** `step` is `backward` and `update` in one; of micro-batches, `backward` and `accumulate`. */
export const TRAIN_STEP: Timeline = ['forward', 'loss', 'step'];
/** The update runs behind the last of them. */
export const MICRO_BATCHED_STEP: Timeline = [...TRAIN_STEP, 'update'];

/** In the order in which lowering fills them; `step` is made of them. */
export const PHASES: readonly PhaseName[] = [
  'prepare',
  'forward',
  'loss',
  'backward',
  'inputGradient',
  'accumulate',
  'update',
];

export interface Phase {
  readonly name: PhaseName;
  readonly calls: readonly KernelCall[];
}

export interface Program {
  readonly name: string;
  readonly buffers: readonly Buffer[];
  readonly phases: readonly Phase[];
}

/** The buffer whose memory this one is (part of), and where it starts in it, in elements. */
export function rootOf(
  program: Pick<Program, 'buffers'>,
  id: BufferId,
): { buffer: BufferId; offset: number } {
  const within = program.buffers[id]?.within;
  if (!within) return { buffer: id, offset: 0 };
  const root = rootOf(program, within.buffer);
  return { buffer: root.buffer, offset: root.offset + within.offset };
}

export const phaseCalls = (program: Program, name: PhaseName): readonly KernelCall[] =>
  program.phases.find((phase) => phase.name === name)?.calls ?? [];

/** The positions in `args` that a call writes. */
export const writtenArgs = (call: KernelCall): readonly number[] =>
  call.kernel.buffers.flatMap((buffer, i) => (buffer.access === 'read' ? [] : [i]));
