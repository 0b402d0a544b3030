import { expect } from 'vitest';
import { runCalls } from '../../compiler/program/liveness.ts';
import type { Model } from 'cnnc';
import { planForward, planTraining } from '../support/compilePrograms.ts';

/** The plan is possible, and there is a call for every output. */
export function expectForward(model: Model): void {
  const { graph, program, plan } = planForward(model);
  expect(plan.arenaBytes).toBeGreaterThanOrEqual(plan.lowerBoundBytes);
  expect(runCalls(program).length).toBeGreaterThan(0);
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  const names = graph.outputs.map(({ name }) => name);
  expect(outputs.map(({ publicName }) => publicName!).sort()).toEqual(names.sort());
}

/** A step has a loss and moves every weight that the loss depends on. */
export function expectTraining(model: Model): void {
  const { graph, program, plan } = planTraining(model);
  expect(plan.arenaBytes).toBeGreaterThanOrEqual(plan.lowerBoundBytes);
  expect(graph.outputs.map(({ name }) => name)).toContain('loss');
  const moved = new Set(graph.updates.map(({ target }) => target));
  const still = graph.nodes.filter(
    (node) => node.op === 'parameter' && node.attrs.role === 'weight' && !moved.has(node.id),
  );
  expect(still.map((node) => node.origin.path)).toEqual([]);
  expect(program.phases.map(({ name }) => name)).toEqual(expect.arrayContaining(['forward', 'backward']));
}
