/** The table of docs/training.md with the defaults of `cnnc train` and of a package's trainer. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  completeSettings,
  OPTIMIZERS,
  type OptimizerName,
  type Settings,
} from '../../compiler/training/settings.ts';
import { defaultHyperparameters, type Hyperparameters } from '../../runtime/training/hyperparameters.ts';

/** The cells of a row of the table: defaults of the command, and of a program. */
function row(name: string): [command: string, program: string] {
  const text = readFileSync('docs/training.md', 'utf8');
  const [, command, program] =
    new RegExp(`^\\| \`${name}\` *\\| (.*?) *\\| (.*?) *\\|$`, 'm').exec(text) ?? [];
  expect(program, name).toBeDefined();
  return [command!, program!];
}

const ALL = [...OPTIMIZERS];

/** The value that `0.03 for sgd and nesterov, 0.001 for the others` has for an optimizer. */
function valueFor(cell: string, optimizer: OptimizerName): number | undefined {
  const parts = cell.split(/, (?=[\d.]+ for )/).map((part) => {
    const [value, of = ''] = part.split(' for ');
    return { value: Number(value), of: of.split(/, | and /).filter(Boolean) };
  });
  const own = parts.find(({ of }) => of.includes(optimizer));
  return (own ?? parts.find(({ of }) => of.length === 0 || of[0] === 'the others'))?.value;
}

const NAMES = ['learningRate', 'momentum', 'weightDecay', 'alpha', 'beta1', 'beta2', 'epsilon'] as const;

describe('the table of defaults', () => {
  it('has every hyperparameter', () => {
    const names: string[] = [...NAMES, 'maximumNorm'];
    expect(names.sort()).toEqual(Object.keys(defaultHyperparameters).sort());
  });

  it.each(NAMES)('is right about %s', (name: keyof Hyperparameters & keyof Settings) => {
    const [command, program] = row(name);
    expect(Number(program)).toBe(defaultHyperparameters[name]);
    for (const optimizer of ALL) {
      const settings = completeSettings({ data: 'mnist', optimizer });
      expect(valueFor(command, optimizer), optimizer).toBe(settings[name]);
    }
  });

  it('is right about clipping and the schedule', () => {
    const { clip, schedule } = completeSettings({ data: 'mnist' });
    expect(row('maximumNorm')).toEqual([
      'no limit; `--clip` sets it',
      `${defaultHyperparameters.maximumNorm}, in a package compiled with \`--clip\``,
    ]);
    expect([clip, schedule]).toEqual([undefined, 'cosine']);
  });
});
