/**
 * What a target wants: how activations lie in memory, and its own kernels for the operations where the
 * hardware decides. Passes and lowering read this record; they know no target by name.
 */
import type { Attrs, Node, OpName, TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Layout } from '../kernel/layout.ts';
import type { KernelPass } from '../kernel/passes/types.ts';
import type { Site } from '../ops/types.ts';

/** A node that wants a kernel; for a fusion, `op`, `attrs` and the types are its root's. */
export interface ScheduleRequest<K extends OpName> {
  readonly node: Node;
  readonly attrs: Attrs[K];
  readonly inputs: readonly TensorType[];
  readonly output: TensorType;
  /** Where the operands lie now, and where the result is wanted. */
  readonly inputLayouts: readonly Layout[];
  readonly outputLayout: Layout;
  /** What a fused tail reads beside them. */
  readonly tail: readonly { readonly type: TensorType; readonly layout: Layout }[];
}

export interface Schedule<K extends OpName> {
  /** For listings and comments: `direct, 4 pixels x 4 channels`. */
  readonly name: string;
  /** The layouts that the kernel is built for; operands that lie otherwise are repacked first. */
  readonly inputLayouts: readonly Layout[];
  readonly outputLayout: Layout;
  /** By operand: what is computed from it instead of a repack; its layout is then that of the result. */
  readonly transforms?: readonly (Transform | undefined)[];
  /** Memory that the kernel writes before it reads it, under these names. */
  readonly workspaces?: readonly Workspace[];
  build(site: Site<K>, k: KernelBuilder): void;
  /**
   * Other kernels that do the same with the same operands, in the same layouts, by the name of what a package chooses
   * when it is loaded.
   */
  readonly variants?: Readonly<Record<string, ScheduleVariant<K>>>;
}

export type ScheduleVariant<K extends OpName> = Pick<Schedule<K>, 'name' | 'workspaces' | 'build'>;

export interface Workspace {
  readonly name: string;
  /** In elements. */
  readonly length: number;
}

/** A kernel from an operand to what another one reads: transformed filters. */
export interface Transform {
  /** Equal names on the same operand are one call. */
  readonly name: string;
  /** Of the operand. */
  readonly from: Layout;
  readonly comment: string;
  /** From buffer `x` to buffer `out`. */
  build(k: KernelBuilder): void;
}

/** Undefined where the target's kernel does not fit this shape: the plain loops take over. */
export type ScheduleRule<K extends OpName> = (request: ScheduleRequest<K>) => Schedule<K> | undefined;

export interface Target {
  readonly name: TargetName;
  /** Where an activation of this type lies best. */
  activationLayout(type: TensorType): Layout;
  readonly schedules: { readonly [K in OpName]?: ScheduleRule<K> };
  /** What is done to kernels after they are built, in this order. */
  readonly kernelPasses: readonly KernelPass[];
  /** Of buffers in memory, in bytes, where it is not the planner's own. */
  readonly alignment?: number;
}

export type TargetName = 'typescript' | 'wasm' | 'webgpu';
