/** The property tests' own checker of memory plans finds the faults of plans that were corrupted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/lowering/lower.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Program } from '../../compiler/program/types.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { graphOf } from '../support/graphs.ts';
import { checkPlan } from './checkPlan.ts';

/** a = tanh(x), b = transpose(a), y = a * b: three buffers alive at once. */
const program: Program = lower(
  graphOf((w) => {
    const a = w.g.node('tanh', [w.input('x', [1, 2, 3, 3])]);
    const b = w.g.node('transpose', [a], { permutation: [0, 1, 3, 2] });
    return { y: w.g.node('mul', [a, b]) };
  }),
  typescriptTarget,
);
const plan = planMemory(program);

const check = (spoilt: MemoryPlan): void => checkPlan(program, spoilt, runCalls(program), () => true);

/** The plan with one buffer where another one is. */
function moved(name: string, onto: string): MemoryPlan {
  const [from, to] = [name, onto].map((one) => program.buffers.find((buffer) => buffer.name === one)!.id);
  const placement = { ...plan.placements.get(from!)!, offset: plan.placements.get(to!)!.offset };
  return { ...plan, placements: new Map([...plan.placements, [from!, placement]]) };
}

describe('checkPlan', () => {
  it('accepts what the planner makes', () => expect(() => check(plan)).not.toThrow());

  it('names the call that writes over its operand', () => {
    expect(() => check(moved('transpose', 'tanh'))).toThrow(
      /transpose writes transpose over its operand tanh/,
    );
  });

  it('refuses every overlap of buffers that are alive together', () => {
    const ids = [...plan.placements.keys()];
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.constantFrom(...ids), (a, b) => {
        const [one, other] = [plan.placements.get(a)!, plan.placements.get(b)!];
        const together = one.lifetime.from < other.lifetime.to && other.lifetime.from < one.lifetime.to;
        fc.pre(a !== b && together && one.offset !== other.offset);
        const placements = new Map([...plan.placements, [a, { ...one, offset: other.offset }]]);
        expect(() => check({ ...plan, placements })).toThrow();
      }),
      { seed: 1 },
    );
  });

  it('refuses an arena that is too small', () => {
    expect(() => check({ ...plan, arenaBytes: plan.arenaBytes - 64 })).toThrow(/ends beyond the arena/);
  });
});
