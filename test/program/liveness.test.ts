/** Lifetimes of buffers, and which buffers belong to the arena. */
import { describe, expect, it } from 'vitest';
import { arenaLifetimes, preparedBuffers, runCalls } from '../../compiler/program/liveness.ts';
import type { BufferId, Program } from '../../compiler/program/types.ts';
import { programOf } from '../support/programs.ts';

const named = <T>(program: Program, values: Iterable<readonly [BufferId, T]>): Record<string, T> =>
  Object.fromEntries([...values].map(([id, value]) => [program.buffers[id]!.name, value]));

const lifetimes = (program: Program): Record<string, string> =>
  named(
    program,
    [...arenaLifetimes(program)].map(([id, { from, to }]) => [id, `${from}..${to}`] as const),
  );

describe('lifetimes', () => {
  it('go from the first to the last call that touches a buffer', () => {
    const program = programOf({ x: { role: 'input' }, y: { role: 'output' } }, [
      { reads: ['x'], writes: ['a'] },
      { reads: ['a'], writes: ['b'] },
      { reads: ['b', 'a'], writes: ['c'] },
      { reads: ['c'], writes: ['y'] },
    ]);
    expect(lifetimes(program)).toEqual({ x: '-1..0', a: '0..2', b: '1..2', c: '2..3', y: '3..4' });
  });

  it('of outputs reach to the end, of inputs from before the start', () => {
    const program = programOf({ x: { role: 'input' }, unread: { role: 'input' }, y: { role: 'output' } }, [
      { reads: ['x'], writes: ['y'] },
      { reads: ['y'], writes: ['z'] },
    ]);
    expect(lifetimes(program)).toEqual({ x: '-1..0', unread: '-1..-1', y: '0..2', z: '1..1' });
  });

  it('include accumulations', () => {
    const program = programOf({}, [
      { writes: ['sum'] },
      { changes: ['sum'], writes: ['other'] },
      { changes: ['sum'] },
    ]);
    expect(lifetimes(program)).toEqual({ sum: '0..2', other: '1..1' });
  });

  it('run on through all phases but prepare, which is not counted', () => {
    const program = programOf({ w: { role: 'parameter' }, x: { role: 'input' } }, [
      { phase: 'prepare', reads: ['w'], writes: ['packed'], kernel: 'pack' },
      { phase: 'forward', reads: ['x', 'packed'], writes: ['saved'], kernel: 'conv' },
      { phase: 'backward', reads: ['saved'], writes: ['gradient'], kernel: 'gradient' },
      { phase: 'update', reads: ['gradient'], changes: ['w'], kernel: 'step' },
    ]);
    expect(runCalls(program).map(({ label }) => label)).toEqual(['conv', 'gradient', 'step']);
    expect(
      named(
        program,
        [...preparedBuffers(program)].map((id) => [id, true] as const),
      ),
    ).toEqual({ packed: true });
    expect(lifetimes(program)).toEqual({ x: '-1..0', saved: '0..1', gradient: '1..2' });
  });

  it('leave out parameters, constants and unused buffers', () => {
    const program = programOf(
      { w: { role: 'parameter' }, c: { role: 'constant' }, idle: {}, y: { role: 'output' } },
      [{ reads: ['w', 'c'], writes: ['y'] }],
    );
    expect(lifetimes(program)).toEqual({ y: '0..1' });
  });
});
