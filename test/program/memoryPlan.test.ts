/**
 * The memory plan, checked in two independent ways: every pair of placements that share bytes while both are alive
 * must be an allowed handover, and a run over an arena of marks finds every number where its writer left it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALIGNMENT, planMemory, type MemoryPlan, type Placement } from '../../compiler/program/memoryPlan.ts';
import type { BufferId, KernelCall, Program } from '../../compiler/program/types.ts';
import { programOf, randomPrograms } from '../support/programs.ts';

/** `name offset..end  first..last call`, by offset. */
function listing(program: Program, plan: MemoryPlan): string {
  const rows = [...plan.placements.values()].sort(
    (a, b) => a.offset - b.offset || a.lifetime.from - b.lifetime.from,
  );
  return [
    ...rows.map(({ buffer, offset, bytes, lifetime: { from, to } }) => {
      return `${program.buffers[buffer]!.name} ${offset}..${offset + bytes}  ${from}..${to}`;
    }),
    `arena ${plan.arenaBytes}, at least ${plan.lowerBoundBytes}`,
  ].join('\n');
}

const planned = (program: Program): string => listing(program, planMemory(program));

const input = { x: { role: 'input' as const } };
const output = { y: { role: 'output' as const } };

describe('a chain of equal sizes', () => {
  it('needs two places', () => {
    const program = programOf({ ...input, ...output }, [
      { reads: ['x'], writes: ['a'] },
      { reads: ['a'], writes: ['b'] },
      { reads: ['b'], writes: ['c'] },
      { reads: ['c'], writes: ['y'] },
    ]);
    expect(planned(program)).toMatchInlineSnapshot(`
      "x 0..64  -1..0
      b 0..64  1..2
      y 0..64  3..4
      a 64..128  0..1
      c 64..128  2..3
      arena 128, at least 128"
    `);
  });

  it('needs one where every result may take its operand over', () => {
    const program = programOf({ ...input, ...output }, [
      { reads: ['x'], writes: ['a'], mayOverwrite: ['x'] },
      { reads: ['a'], writes: ['b'], mayOverwrite: ['a'] },
      { reads: ['b'], writes: ['y'], mayOverwrite: ['b'] },
    ]);
    expect(planned(program)).toMatchInlineSnapshot(`
      "x 0..64  -1..0
      a 0..64  0..1
      b 0..64  1..2
      y 0..64  2..3
      arena 64, at least 64"
    `);
  });
});

describe('a result takes over', () => {
  it('the operand that dies, not the one that is read again', () => {
    const program = programOf({ ...input, ...output }, [
      { reads: ['x'], writes: ['a'] },
      { reads: ['x', 'a'], writes: ['sum'], mayOverwrite: ['x', 'a'] },
      { reads: ['sum', 'x'], writes: ['y'] },
    ]);
    expect(planned(program)).toMatchInlineSnapshot(`
      "x 0..64  -1..2
      a 64..128  0..1
      sum 64..128  1..2
      y 128..192  2..3
      arena 192, at least 192"
    `);
  });

  it.each<[string, Program]>([
    [
      'nothing that the kernel does not allow',
      programOf({ ...input, ...output }, [{ reads: ['x'], writes: ['y'] }]),
    ],
    [
      'no operand that is read twice',
      programOf({ ...input, ...output }, [{ reads: ['x', 'x'], writes: ['y'], mayOverwrite: ['x'] }]),
    ],
    [
      'no output',
      programOf({ ...input, ...output, z: { role: 'output' } }, [
        { reads: ['x'], writes: ['y'] },
        { reads: ['y'], writes: ['z'], mayOverwrite: ['y'] },
      ]),
    ],
    [
      'no operand of another size',
      programOf({ x: { role: 'input', length: 17 }, ...output }, [
        { reads: ['x'], writes: ['y'], mayOverwrite: ['x'] },
      ]),
    ],
    [
      'nothing for one of two results',
      programOf({ ...input, ...output, z: { role: 'output' } }, [
        { reads: ['x'], writes: ['y', 'z'], mayOverwrite: ['x'] },
      ]),
    ],
    [
      'nothing for a buffer that was written before',
      programOf({ ...input, ...output }, [
        { reads: ['x'], writes: ['y'] },
        { reads: ['y'], writes: ['a'] },
        { reads: ['a'], writes: ['y'], mayOverwrite: ['a'] },
      ]),
    ],
    [
      'no parameter',
      programOf({ x: { role: 'parameter' }, ...output }, [
        { reads: ['x'], writes: ['y'], mayOverwrite: ['x'] },
      ]),
    ],
  ])('%s', (_name, program) => {
    expect(judge(program)).toBe(0);
  });
});

describe('the order of placing', () => {
  it('is by size, so that small ones fill the gaps', () => {
    const program = programOf(
      {
        x: { role: 'input', length: 64 },
        a: { length: 16 },
        b: { length: 128 },
        y: { role: 'output', length: 16 },
      },
      [
        { reads: ['x'], writes: ['a'] },
        { reads: ['x', 'a'], writes: ['b'] },
        { reads: ['b'], writes: ['y'] },
      ],
    );
    expect(planned(program)).toMatchInlineSnapshot(`
      "b 0..512  1..2
      x 512..768  -1..1
      y 512..576  2..3
      a 768..832  0..1
      arena 832, at least 832"
    `);
  });

  it('leaves out what is not in the arena: parameters, constants and what prepare writes', () => {
    const program = programOf({ ...input, w: { role: 'parameter' }, c: { role: 'constant' }, ...output }, [
      { phase: 'prepare', reads: ['w'], writes: ['packed'] },
      { reads: ['x', 'packed', 'w', 'c'], writes: ['y'] },
    ]);
    const { placements } = planMemory(program);
    expect([...placements.keys()].map((id) => program.buffers[id]!.name).sort()).toEqual(['x', 'y']);
  });

  it('keeps unread inputs apart from the others', () => {
    const program = programOf({ ...input, unused: { role: 'input' }, ...output }, [
      { reads: ['x'], writes: ['y'] },
    ]);
    const { placements } = planMemory(program);
    const [x, unused] = program.buffers.map(({ id }) => placements.get(id)!);
    expect(shareBytes(x!, unused!)).toBe(false);
  });
});

describe('any program', () => {
  it('is planned so that both judges agree', () => {
    let handovers = 0;
    fc.assert(
      fc.property(randomPrograms, (program) => {
        handovers += judge(program);
      }),
      { numRuns: 600, seed: 3 },
    );
    // Otherwise nothing was said about taking over.
    expect(handovers).toBeGreaterThan(300);
  });

  it('is planned the same way again', () => {
    fc.assert(
      fc.property(randomPrograms, (program) => {
        expect(planned(program)).toBe(planned(structuredClone(program)));
      }),
    );
  });

  it('without taking over needs at least what is alive at once, and no more than everything', () => {
    fc.assert(
      fc.property(randomPrograms, (random) => {
        const program = withoutInPlace(random);
        const plan = planMemory(program);
        const alive = lifetimesOf(program);
        const bytes = (id: BufferId) => Math.ceil((program.buffers[id]!.length * 4) / ALIGNMENT) * ALIGNMENT;
        const sums = Array.from({ length: callsOf(program).length + 2 }, (_, i) =>
          [...alive].reduce(
            (sum, [id, { from, to }]) => (from <= i - 1 && i - 1 <= to ? sum + bytes(id) : sum),
            0,
          ),
        );
        expect(plan.lowerBoundBytes).toBe(Math.max(...sums));
        expect(plan.arenaBytes).toBeLessThanOrEqual(
          [...alive.keys()].reduce((sum, id) => sum + bytes(id), 0),
        );
      }),
    );
  });
});

const withoutInPlace = (program: Program): Program => ({
  ...program,
  phases: program.phases.map((phase) => ({
    ...phase,
    calls: phase.calls.map((call) => ({ ...call, mayOverwrite: [] })),
  })),
});

const callsOf = (program: Program): readonly KernelCall[] =>
  program.phases.filter(({ name }) => name !== 'prepare').flatMap(({ calls }) => calls);

const shareBytes = (a: Placement, b: Placement): boolean =>
  a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;

/** Lifetime from the first to the last call that names the buffer. Inputs live from the start, outputs to the end. */
function lifetimesOf(program: Program): Map<BufferId, { from: number; to: number }> {
  const calls = callsOf(program);
  const prepared = new Set(
    program.phases
      .filter(({ name }) => name === 'prepare')
      .flatMap(({ calls: all }) =>
        all.flatMap(({ args, kernel }) => args.filter((_, i) => kernel.buffers[i]!.access !== 'read')),
      ),
  );
  const lifetimes = new Map<BufferId, { from: number; to: number }>();
  for (const { id, role } of program.buffers) {
    if (role === 'parameter' || role === 'constant' || prepared.has(id)) continue;
    const mentions = calls.flatMap(({ args }, at) => (args.includes(id) ? [at] : []));
    if (role === 'input') mentions.unshift(-1);
    if (mentions.length === 0) continue;
    if (role === 'output') mentions.push(calls.length);
    lifetimes.set(id, { from: mentions[0]!, to: mentions.at(-1)! });
  }
  return lifetimes;
}

/** Everything that a plan must fulfil; answers with how many results took an operand over. */
function judge(program: Program): number {
  const plan = planMemory(program);
  const lifetimes = lifetimesOf(program);
  expect(new Set(plan.placements.keys())).toEqual(new Set(lifetimes.keys()));
  for (const { buffer, offset, bytes, lifetime } of plan.placements.values()) {
    expect(lifetime).toEqual(lifetimes.get(buffer));
    expect(bytes).toBe(program.buffers[buffer]!.length * 4);
    expect(offset % ALIGNMENT).toBe(0);
    expect(offset + bytes).toBeLessThanOrEqual(plan.arenaBytes);
  }
  expect(plan.lowerBoundBytes).toBeLessThanOrEqual(plan.arenaBytes);
  const handovers = judgePairs(program, plan);
  judgeByRunning(program, plan);
  return handovers;
}

/** The first judge, over all pairs. */
function judgePairs(program: Program, plan: MemoryPlan): number {
  const places = [...plan.placements.values()];
  let handovers = 0;
  for (const a of places) {
    for (const b of places) {
      const both = a !== b && a.lifetime.from <= b.lifetime.from && b.lifetime.from <= a.lifetime.to;
      if (!both || !shareBytes(a, b)) continue;
      expect(isHandover(program, a, b), `${names(program, a, b)} share bytes while both are alive`).toBe(
        true,
      );
      handovers++;
    }
  }
  return handovers;
}

const names = (program: Program, a: Placement, b: Placement): string =>
  [a, b].map(({ buffer }) => program.buffers[buffer]!.name).join(' and ');

/** a dies in the call that first writes b and nothing else, allows it and reads a once. */
function isHandover(program: Program, a: Placement, b: Placement): boolean {
  const call = callsOf(program)[a.lifetime.to];
  if (!call || a.lifetime.to !== b.lifetime.from) return false;
  const positions = call.args.flatMap((id, i) => (id === a.buffer ? [i] : []));
  const results = call.args.filter((_, i) => call.kernel.buffers[i]!.access !== 'read');
  if (results.length !== 1) return false;
  const allowed = positions.length === 1 && call.mayOverwrite.includes(positions[0]!);
  return allowed && a.offset === b.offset && a.bytes === b.bytes;
}

/** The second judge: who wrote each cell last? */
function judgeByRunning(program: Program, plan: MemoryPlan): void {
  const arena = new Array<string>(plan.arenaBytes / 4).fill('nothing');
  const written = new Map<BufferId, string>();
  const write = (id: BufferId, mark: string): void => {
    const place = plan.placements.get(id);
    if (!place) return;
    arena.fill(mark, place.offset / 4, (place.offset + place.bytes) / 4);
    written.set(id, mark);
  };
  const read = (id: BufferId, reader: string): void => {
    const place = plan.placements.get(id);
    if (!place) return;
    const cells = new Set(arena.slice(place.offset / 4, (place.offset + place.bytes) / 4));
    expect([...cells], `${program.buffers[id]!.name}, read by ${reader}`).toEqual([written.get(id)]);
  };
  for (const { id, role } of program.buffers) if (role === 'input') write(id, `input ${id}`);
  callsOf(program).forEach(({ args, kernel }, at) => {
    args.forEach((id, i) => kernel.buffers[i]!.access !== 'write' && read(id, `call ${at}`));
    args.forEach((id, i) => kernel.buffers[i]!.access !== 'read' && write(id, `call ${at}, buffer ${id}`));
    // Two results of one call must not lie on each other either.
    args.forEach((id, i) => kernel.buffers[i]!.access !== 'read' && read(id, `call ${at} itself`));
  });
  for (const { id, role } of program.buffers)
    if (role === 'output' && written.has(id)) read(id, 'the caller');
}
