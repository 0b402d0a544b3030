/**
 * The phase `step`: the calls of `backward`, with each call of `update` at the first place where its gradient is
 * complete and no call still reads the old values. So gradients need no memory after that place. If gradients are
 * clipped, the updates need all of them and stay at the end. With micro-batches the calls of `accumulate` take these
 * places instead, and `accumulate` is no separate phase.
 */
import { phaseCalls, rootOf, writtenArgs, type BufferId, type KernelCall, type Program } from './types.ts';

export function withStep(program: Program): Program {
  const backward = phaseCalls(program, 'backward');
  const accumulate = phaseCalls(program, 'accumulate');
  const followers = accumulate.length > 0 ? accumulate : phaseCalls(program, 'update');
  const places = placesOf(program, backward, followers);
  const calls: KernelCall[] = [...places(-1)];
  backward.forEach((call, at) => calls.push(call, ...places(at)));
  const phases = program.phases.filter(({ name }) => name !== 'accumulate');
  return { ...program, phases: [...phases, { name: 'step', calls }] };
}

/** Assigns each follower to the call of `backward` that it comes after; -1 is before the first. */
function placesOf(
  program: Program,
  backward: readonly KernelCall[],
  followers: readonly KernelCall[],
): (at: number) => readonly KernelCall[] {
  const touched = touches(program, backward);
  const behind = new Map<number, KernelCall[]>();
  for (const call of followers) {
    const at = touched.lastBefore(call);
    behind.set(at, [...(behind.get(at) ?? []), call]);
    touched.note(call, at);
  }
  return (at) => behind.get(at) ?? [];
}

/** Finds the last place where each buffer was written, and where it was read or written. */
function touches(program: Program, backward: readonly KernelCall[]) {
  const written = new Map<BufferId, number>();
  const accessed = new Map<BufferId, number>();
  const rootsOf = (call: KernelCall) => {
    const roots = call.args.map((arg) => rootOf(program, arg).buffer);
    return { all: roots, results: writtenArgs(call).map((position) => roots[position]!) };
  };
  const note = (call: KernelCall, at: number): void => {
    const { all, results } = rootsOf(call);
    for (const root of all) accessed.set(root, Math.max(at, accessed.get(root) ?? -1));
    for (const root of results) written.set(root, Math.max(at, written.get(root) ?? -1));
  };
  backward.forEach(note);
  const lastBefore = (call: KernelCall): number => {
    const { all, results } = rootsOf(call);
    const needs = [...all.map((root) => written.get(root)), ...results.map((root) => accessed.get(root))];
    return Math.max(-1, ...needs.map((at) => at ?? -1));
  };
  return { note, lastBefore };
}
