/** Imports of the phases that a trainer runs, where a step and its halves call the same functions. */
import type { ImportText } from '../declarations.ts';
import { phasesOf, type TrainingSite } from './trainingSite.ts';

export function phaseImports(site: TrainingSite): readonly ImportText[] {
  const { step, halves } = phasesOf(site);
  const phases = new Set([...step.prepare, ...step.run, ...halves.backward, ...halves.update]);
  return [...phases].map((name) => ({ from: `./${name}.js`, names: [name] }));
}
