/** The numbers by which an invocation of a grid knows itself, and the memory of its workgroup as kernels see it. */
import type { Expr, Grid, KernelBuffer, Statement } from './types.ts';
import { someStatement } from './walk.ts';

/** 0 ... workgroups - 1. */
export const WORKGROUP: Expr = { kind: 'var', type: 'i32', name: 'workgroup' };
/** 0 ... invocations - 1, in its workgroup. */
export const INVOCATION: Expr = { kind: 'var', type: 'i32', name: 'invocation' };

export const GRID_NAMES = ['workgroup', 'invocation'] as const;

export const sharedBuffers = (grid: Grid | undefined): readonly KernelBuffer[] =>
  (grid?.shared ?? []).map(({ name, length }) => ({ name, length, element: 'f32', access: 'workspace' }));

/** The invocations of a workgroup go through these statements together. */
export const hasBarrier = (body: readonly Statement[]): boolean =>
  someStatement(body, ({ kind }) => kind === 'barrier' || kind === 'reduce');
