/**
 * The layers of random networks, by name. Every value is an image f32[N, C, H, W]; a layer fits itself to any
 * operand, so that every list of choices is a network. Values stay small: weights are divided by their fan-in
 * (bindings.ts), and what would grow is scaled.
 */
import type { ValueId } from '../../compiler/ir/types.ts';
import type { NetWriter } from './netWriter.ts';
import type { Picks } from './picks.ts';
import * as shapes from './shapeSteps.ts';
import * as values from './valueSteps.ts';
import * as windows from './windowSteps.ts';

/** Undefined where the operand has nothing for it. */
export type Step = (w: NetWriter, x: ValueId, p: Picks) => ValueId | undefined;

const { isSmall, ...shapeSteps } = shapes;

const STEPS: Readonly<Record<string, Step>> = { ...values, ...windows, ...shapeSteps };

/** More often than others: what networks are made of. */
export const STEP_NAMES: readonly string[] = [
  ...[
    'activation',
    'conv',
    'conv',
    'convNorm',
    'convNorm',
    'arithmetic',
    'arithmetic',
    'concat',
    'batchNorm',
  ],
  ...Object.keys(STEPS),
];

/** The layer's result, if it is one that tests can do often. */
export function applyStep(w: NetWriter, name: string, x: ValueId, p: Picks): void {
  const y = STEPS[name]!(w, x, p);
  if (y !== undefined && isSmall(w, y)) w.values.push(y);
}
