/** Where the most memory is alive, who holds it, and the plan as a picture. */
import { describe, expect, it } from 'vitest';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { drawPlan } from '../../compiler/program/picture.ts';
import type { Program } from '../../compiler/program/types.ts';
import { programOf } from '../support/programs.ts';

const branches = (): Program =>
  programOf({ x: { role: 'input', length: 32 }, wide: { length: 128 }, y: { role: 'output' } }, [
    { kernel: 'widen', reads: ['x'], writes: ['wide'] },
    { kernel: 'narrow', reads: ['wide', 'x'], writes: ['a'] },
    { kernel: 'relu', reads: ['a'], writes: ['b'], mayOverwrite: ['a'] },
    { kernel: 'last', reads: ['b'], writes: ['y'] },
  ]);

describe('the peak', () => {
  it('is the first call with the most bytes, its holders the largest first', () => {
    expect(planMemory(branches()).peak).toEqual({
      call: 1,
      label: 'narrow',
      holders: [
        { name: 'wide', bytes: 512, lifetime: { from: 0, to: 1 } },
        { name: 'x', bytes: 128, lifetime: { from: -1, to: 1 } },
        { name: 'a', bytes: 64, lifetime: { from: 1, to: 2 } },
      ],
    });
  });

  it('names the result where a call passes a storage on', () => {
    const program = programOf({ x: { role: 'input' }, y: { role: 'output', length: 160 } }, [
      { kernel: 'relu', reads: ['x'], writes: ['a'], mayOverwrite: ['x'] },
      { kernel: 'widen', reads: ['a'], writes: ['y'] },
    ]);
    const { holders } = planMemory(program).peak;
    expect(holders.map(({ name }) => name)).toEqual(['y', 'a']);
  });

  it.each([
    ['before the first call', { x: { role: 'input' as const, length: 160 } }, ['x']],
    ['the end', { x: { role: 'input' as const } }, ['y', 'z']],
  ])('may be %s', (_when, buffers, names) => {
    const program = programOf({ ...buffers, y: { role: 'output' }, z: { role: 'output' } }, [
      { kernel: 'both', writes: ['y', 'z'] },
    ]);
    const { holders } = planMemory(program).peak;
    expect(holders.map(({ name }) => name)).toEqual(names);
  });

  it('has holders that add up to the lower bound', () => {
    const { peak, lowerBoundBytes } = planMemory(branches());
    expect(peak.holders.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(lowerBoundBytes);
  });
});

describe('the picture', () => {
  it('has a row for every place, and tells storages of one place apart', () => {
    const program = branches();
    expect(drawPlan(program, planMemory(program), { width: 80, rows: 10 })).toMatchInlineSnapshot(`
      "offset  bytes | a column a call
       640 B   64 B |  #== |
       512 B  128 B |###   |
         0 B  512 B | ##   |
         0 B   64 B |    ##|"
    `);
  });

  it('is as narrow as is asked, and leaves the smallest places out', () => {
    const program = branches();
    const lines = drawPlan(program, planMemory(program), { width: 20, rows: 2 }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(20);
    expect(lines).toHaveLength(4);
  });

  it('of nothing is a head without rows', () => {
    const program = programOf({}, []);
    expect(drawPlan(program, planMemory(program), { width: 40, rows: 3 }).split('\n')).toHaveLength(1);
  });
});
