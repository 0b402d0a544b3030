/** The numbers that identify an invocation of a grid, and the memory of its workgroup, as kernels see them. */
import type { Expr, Grid, KernelBuffer, Statement } from './types.ts';
import { someStatement } from './walk.ts';

/** Number of the workgroup: 0 ... workgroups - 1. */
export const WORKGROUP: Expr = { kind: 'var', type: 'i32', name: 'workgroup' };
/** Number of the invocation in its workgroup: 0 ... invocations - 1. */
export const INVOCATION: Expr = { kind: 'var', type: 'i32', name: 'invocation' };

export const GRID_NAMES = ['workgroup', 'invocation'] as const;

export const sharedBuffers = (grid: Grid | undefined): readonly KernelBuffer[] =>
  (grid?.shared ?? []).map(({ name, length }) => ({ name, length, element: 'f32', access: 'workspace' }));

/** Whether the invocations of a workgroup must run these statements together. */
export const hasBarrier = (body: readonly Statement[]): boolean =>
  someStatement(body, ({ kind }) => kind === 'barrier' || kind === 'reduce');
