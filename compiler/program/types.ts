/**
 * A program: an ordered list of kernel calls on buffers. Shapes have become lengths, and layouts have become index
 * arithmetic inside the kernels. What remains is which kernel runs on which numbers, and in which order. Targets
 * print programs and never see the graph.
 */
import type { Origin } from '../ir/types.ts';
import type { Layout } from '../kernel/layout.ts';
import type { ElementType, Kernel } from '../kernel/types.ts';

export type BufferId = number;

/**
 * The caller writes an `input` before the first call and reads an `output` after the last one. A `parameter` lives as
 * long as the model. A `constant` is part of the program. A `temporary` lives between calls of one run. A `staged` buffer
 * is needed only while `prepare` runs.
 */
export type BufferRole = 'input' | 'output' | 'parameter' | 'constant' | 'temporary' | 'staged';

export interface Buffer {
  readonly id: BufferId;
  /** An identifier that is unique in the program: `layer1_0_conv1`. */
  readonly name: string;
  readonly element: ElementType;
  /** Number of elements. */
  readonly length: number;
  readonly role: BufferRole;
  readonly layout: Layout;
  /** The name of an `input`, `output` or `parameter` outside of the program. */
  readonly publicName?: string;
  /** The place in another buffer's memory that this buffer is a part of; the offset is in elements. */
  readonly within?: { readonly buffer: BufferId; readonly offset: number };
  /** The numbers of a `constant`. */
  readonly data?: ArrayLike<number>;
  readonly origin: Origin;
}

export interface KernelCall {
  readonly kernel: Kernel;
  /** One buffer for each buffer of the kernel, in the same order. */
  readonly args: readonly BufferId[];
  /** The argument of a kernel that counts images. */
  readonly count?: number;
  /** Positions in `args` of operands whose storage the result may take over if this is their last use. */
  readonly mayOverwrite: readonly number[];
  readonly origin: Origin;
  /** What is computed, for comments: `conv1 + bn1 + relu`. */
  readonly label: string;
  /** The result's type: `f32[1,64,112,112]`. */
  readonly result: string;
  /** The builder that made the kernel, with its tile: `direct 4x4` or `loops`. */
  readonly schedule: string;
  /** Other kernels for the same `args`, by the name of the choice when a package is loaded. */
  readonly variants?: Readonly<Record<string, CallVariant>>;
  /** The kernel before the target's passes, for calls of `prepare`. The compiler can run it. */
  readonly plain?: Kernel;
  /** The call's kernels as built and after each pass that changed them, if a dump is wanted. */
  readonly stages?: readonly KernelStage[];
  readonly multiplyAdds: number;
  readonly bytes: number;
}

export interface KernelStage {
  readonly kernel: Kernel;
  /** The pass; absent for the kernel as built. */
  readonly pass?: string;
  /** The variant of the call; absent for the call itself. */
  readonly variant?: string;
}

export type CallVariant = Pick<KernelCall, 'kernel' | 'schedule'>;

/** Returns the call for this choice. */
export const variantOf = (call: KernelCall, choice: string): KernelCall => {
  const { variants, ...own } = call;
  return { ...own, ...variants?.[choice] };
};

/**
 * `prepare` runs once and computes from parameters what the other phases read (folded and packed weights). Its
 * results are kept.
 */
export type PhaseName =
  'prepare' | 'forward' | 'loss' | 'backward' | 'inputGradient' | 'accumulate' | 'update' | 'step';

/** Phases that run one after the other on the same memory. */
export type Timeline = readonly PhaseName[];

/** Inference is the first of these phases. The others are the parts of training that can be called separately. */
export const HALVES: Timeline = ['forward', 'loss', 'backward', 'inputGradient', 'update'];

/** `step` is `backward` and `update` together; with micro-batches, `backward` and `accumulate`. */
export const TRAIN_STEP: Timeline = ['forward', 'loss', 'step'];
/** The update runs after the last micro-batch. */
export const MICRO_BATCHED_STEP: Timeline = [...TRAIN_STEP, 'update'];

/** All phases in the order in which lowering fills them. `step` is made from them afterwards. */
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
  /** Constants that other programs of the package read from this one's memory. */
  readonly kept?: readonly BufferId[];
}

/** Returns the buffer that contains this buffer's memory, and the offset in it, in elements. */
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

/** Returns the positions in `args` that a call writes. */
export const writtenArgs = (call: KernelCall): readonly number[] =>
  call.kernel.buffers.flatMap((buffer, i) => (buffer.access === 'read' ? [] : [i]));
