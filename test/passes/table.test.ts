/** The table of graph passes: its order is checked, and each pipeline takes its part of it. */
import { describe, expect, it } from 'vitest';
import { graphPassNames, passesFor } from '../../compiler/passes/index.ts';
import {
  checkedTable,
  passNames,
  selectPasses,
  type PassEntry,
  type Pipeline,
  type Requirement,
} from '../../compiler/passes/table.ts';

const entry = (
  name: string,
  pipelines: readonly Pipeline[],
  after: readonly Requirement[] = [],
  optional = true,
): PassEntry => ({ name, create: () => ({ name, run: (graph) => graph }), pipelines, after, optional });

const first = entry('first', ['inference', 'training']);
const second = entry('second', ['inference'], [{ entry: first, because: 'it reads what that made' }]);

const names = (passes: readonly { readonly name: string }[]): string[] => passes.map(({ name }) => name);

describe('the order of a table', () => {
  it('is the order of its entries where every requirement holds', () => {
    expect(checkedTable([first, second])).toEqual([first, second]);
  });

  it('is refused where an entry stands before what it needs', () => {
    expect(() => checkedTable([second, first])).toThrow(
      'first must run before second: it reads what that made',
    );
  });

  it('is refused where an entry requires itself', () => {
    const own: Requirement[] = [];
    const selfish = entry('selfish', ['export'], own);
    own.push({ entry: selfish, because: 'of nothing' });
    expect(() => checkedTable([selfish])).toThrow('selfish must run before selfish: of nothing');
  });

  it('is refused where a requirement says nothing: both never run, or one is not in the table', () => {
    const lonely = entry('lonely', ['export'], [{ entry: first, because: 'of nothing' }]);
    expect(() => checkedTable([first, lonely])).toThrow('no pipeline runs both first and lonely');
    expect(() => checkedTable([second])).toThrow('no pipeline runs both first and second');
  });

  it('knows that the tail of training runs after training, wherever it stands', () => {
    const tail = entry('tail', ['trainingTail'], [{ entry: first, because: 'it is first' }]);
    expect(checkedTable([tail, first])).toEqual([tail, first]);
    const early = entry('early', ['training'], [{ entry: tail, because: 'it is last' }]);
    expect(() => checkedTable([first, tail, early])).toThrow('tail must run before early: it is last');
  });

  it('holds for two entries of one pass', () => {
    const again: PassEntry = { ...first, after: [{ entry: second, because: 'it cleans up' }] };
    const table = checkedTable([first, second, again]);
    expect(names(selectPasses(table, 'inference', {}))).toEqual(['first', 'second', 'first']);
    expect(() => checkedTable([first, again, second])).toThrow('second must run before first: it cleans up');
  });
});

describe('a selection of a table', () => {
  const required = entry('required', ['inference'], [], false);
  const table = [first, second, required];

  it('leaves out what is disabled, but for what is required', () => {
    const disabled = new Set(['second', 'required']);
    expect(names(selectPasses(table, 'inference', { disabled }))).toEqual(['first', 'required']);
  });

  it('has names by whether they may be switched off', () => {
    expect(passNames([...table, first])).toEqual({ optional: ['first', 'second'], required: ['required'] });
  });
});

describe('the pipelines', () => {
  const recompute = { recompute: passesFor('inference')[0]!.run };

  it('run in the order of the table', () => {
    expect(names(passesFor('inference'))).toEqual([
      'removeDeadNodes',
      'foldConstants',
      'simplify',
      'removeDeadNodes',
      'shareSubexpressions',
      'foldPad',
      'expandBatchNorm',
      'foldScale',
      'sinkScale',
      'foldScaleAhead',
      'fuse',
      'bandRows',
      'orderForMemory',
    ]);
  });

  it('export and train with what comes before fusing', () => {
    const before = names(passesFor('inference').slice(0, 10));
    expect(names(passesFor('export'))).toEqual(before);
    expect(names(passesFor('training'))).toEqual(before);
  });

  it('recompute before they fuse, where a compile asks for it', () => {
    expect(names(passesFor('trainingTail'))).toEqual(['fuse', 'orderForMemory']);
    expect(names(passesFor('trainingTail', recompute))).toEqual(['recompute', 'fuse', 'orderForMemory']);
  });

  it('leave out every run of a disabled pass', () => {
    const disabled = new Set(['removeDeadNodes', 'fuse']);
    const left = names(passesFor('inference', { disabled }));
    expect(left).toHaveLength(10);
    expect(left).not.toContain('removeDeadNodes');
    expect(left).not.toContain('fuse');
  });

  it('recompute even where a user disables it: the step has a limit to keep', () => {
    expect(graphPassNames.required).toEqual(['recompute']);
    expect(names(passesFor('trainingTail', { ...recompute, disabled: new Set(['recompute']) }))).toContain(
      'recompute',
    );
  });
});
