/**
 * What lowering needs from a target: the layouts of activations, and the target's kernels for operators where the
 * hardware matters. Passes and lowering read this record and know no target by name.
 */
import type { Attrs, Node, OpName, TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Layout } from '../kernel/layout.ts';
import type { KernelPass } from '../kernel/passes/types.ts';
import type { Site } from '../ops/types.ts';

/** A node that needs a kernel. For a fusion, `op`, `attrs` and the types are those of its root. */
export interface ScheduleRequest<K extends OpName> {
  readonly node: Node;
  readonly attrs: Attrs[K];
  readonly inputs: readonly TensorType[];
  readonly output: TensorType;
  /** The current layouts of the operands, and the wanted layout of the result. */
  readonly inputLayouts: readonly Layout[];
  readonly outputLayout: Layout;
  /** Additional operands that a fused tail reads. */
  readonly tail: readonly { readonly type: TensorType; readonly layout: Layout }[];
}

export interface Schedule<K extends OpName> {
  /** The schedule's name in listings and comments: `direct, 4 pixels x 4 channels`. */
  readonly name: string;
  /** The layouts that the kernel is built for. Operands with other layouts are repacked first. */
  readonly inputLayouts: readonly Layout[];
  readonly outputLayout: Layout;
  /**
   * Transforms by operand: the kernel reads the result of a transform instead of the operand, and the operand's
   * layout in `inputLayouts` is then that of the result.
   */
  readonly transforms?: readonly (Transform | undefined)[];
  /** Memory that the kernel writes before it reads it, by name. */
  readonly workspaces?: readonly Workspace[];
  build(site: Site<K>, k: KernelBuilder): void;
  /**
   * Other kernels that do the same with the same operands in the same layouts, by the name of the choice when a
   * package is loaded.
   */
  readonly variants?: Readonly<Record<string, ScheduleVariant<K>>>;
}

export type ScheduleVariant<K extends OpName> = Pick<Schedule<K>, 'name' | 'workspaces' | 'build'>;

export interface Workspace {
  readonly name: string;
  /** Number of elements. */
  readonly length: number;
}

/** A kernel that computes from an operand what another kernel reads, such as transformed filters. */
export interface Transform {
  /** Transforms with the same name on the same operand are one call. */
  readonly name: string;
  /** Layout of the operand. */
  readonly from: Layout;
  readonly comment: string;
  /** Builds the kernel, from buffer `x` to buffer `out`. */
  build(k: KernelBuilder): void;
}

/** Undefined if the target's kernel does not fit this shape. Then the plain loops are used. */
export type ScheduleRule<K extends OpName> = (request: ScheduleRequest<K>) => Schedule<K> | undefined;

export interface Target {
  readonly name: string;
  /** Returns the best layout for an activation of this type. */
  activationLayout(type: TensorType): Layout;
  readonly schedules: { readonly [K in OpName]?: ScheduleRule<K> };
  /** The passes that run on kernels after they are built, in this order. */
  readonly kernelPasses: readonly KernelPass[];
  /** Alignment of buffers in memory, in bytes, if it is not the planner's default. */
  readonly alignment?: number;
}
