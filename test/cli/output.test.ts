/** What the command line prints: lines that fit, colours on terminals only, and the costs of every target. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasColours, paintText, plainText } from '../../compiler/cli/colours.ts';
import { wrapLine } from '../../compiler/cli/lines.ts';
import { createProgram } from '../../compiler/cli/main.ts';
import { createProgress } from '../../compiler/cli/progress.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { cnnc, type Run } from './support.ts';

const newFolder = createFolders();
/** Codes of colours as `<31>`. */
const marked = (text: string): string => text.replaceAll('\x1b[', '<').replace(/(?<=<\d+)m/g, '>');
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('a line', () => {
  it('stays as it is where it fits', () => {
    expect(wrapLine('  one two  three', 16)).toEqual(['  one two  three']);
    expect(wrapLine('', 80)).toEqual(['']);
  });

  it('is broken at blanks, and its rest is indented', () => {
    expect(wrapLine('  one two three four', 11)).toEqual(['  one two', '      three', '      four']);
    expect(wrapLine('one two three', 8)).toEqual(['one two', '    three']);
  });

  it('holds a word that is longer than it', () => {
    expect(wrapLine('  a incomprehensibility b', 10)).toEqual([
      '  a',
      '      incomprehensibility',
      '      b',
    ]);
    expect(wrapLine('incomprehensibility', 10)).toEqual(['incomprehensibility']);
  });
});

describe('the help', () => {
  const silent = { out: () => undefined, err: () => undefined, interactive: false };
  const names = ['', ...createProgram(silent).commands.map((command) => command.name())];
  it.each(names)('of cnnc %s fits 80 columns', async (name) => {
    const { out } = await cnnc(['help', ...(name ? [name] : [])]);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('cnnc compile for several targets', () => {
  let narrow: Run;
  let painted: Run;
  beforeAll(async () => {
    const args = ['compile', 'models/lenet5.ts', '--target', 'all', '--train', '--batch', '2', '--seed', '1'];
    narrow = await cnnc([...args, '--out', join(newFolder(), 'net')], false, {});
    const paint = { out: paintText, err: paintText };
    painted = await cnnc([...args, '--report', '--out', join(newFolder(), 'net')], true, { paint });
  }, COMPILE_TIMEOUT);

  it('prints the costs of each of them', () => {
    const text = narrow.out.replace(/\n {6,}(?=\S)/g, ' ');
    for (const target of targetNames) {
      const [, costs = ''] = new RegExp(`\\n  ${target}: ([^]*?)(?=\\n {2}\\S|$)`).exec(text) ?? [];
      expect(costs).toMatch(/^\d+ kernel calls\n/);
      expect(costs).toMatch(/\n {4}weights .*, arena .* \(.* x the lower bound\)\n/);
      expect(costs).toMatch(/\n {4}\d+ operations, \d+ after the passes, \d+ distinct kernels: \d+ \w+/);
      expect(costs).toMatch(/\n {4}trains all parameters with sgd: \d+ kernel calls a step, arena /);
      expect(costs.match(/\n {4}peak memory at .+: .+/g)).toHaveLength(2);
    }
  });

  it('fits 80 columns where the width is not known', () => {
    expect(narrow.code).toBe(0);
    expect(widest(narrow.out)).toBeLessThanOrEqual(80);
    expect(narrow.out).toMatch(/\n {4}\d+ operations, .*\n {8}\S/);
  });

  it('says in a log once that it compiles', () => {
    const lines = narrow.err.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['loading', 'compiling', 'writing', 'warning:']);
    expect(widest(narrow.err)).toBeLessThanOrEqual(80);
  });

  it('names every pass on a terminal, in one line', () => {
    expect(painted.err).toContain('\r\x1b[2Kcompiling models/lenet5.ts: 01-');
    expect(painted.err.match(/\n/g)).toHaveLength(1);
  });

  it('is bold in its first line, and warns in yellow', () => {
    const lines = marked(painted.out).split('\n');
    expect(lines[0]).toMatch(/^<1>lenet5 -> .*<22>$/);
    expect(marked(painted.err)).toMatch(/<33>warning: the weights are random .*<39>\n$/);
    expect(narrow.out).not.toContain('\x1b');
  });

  it('reports each target in full with --report', () => {
    for (const target of targetNames)
      for (const program of ['inference', 'a training step'])
        expect(painted.out).toContain(`\n${target}, ${program}: kernel calls\n`);
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: 'false' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal: %s, with %j: %s', (isTerminal, env, expected) => {
    expect(hasColours(isTerminal, env)).toBe(expected);
  });

  it('make errors red', async () => {
    const paint = { out: plainText, err: paintText };
    const { err } = await cnnc(['compile', 'nowhere.ts', '--json'], false, { paint });
    expect(marked(err)).toMatch(/^<31>error CNNC1001:<39> model file \(nowhere\.ts\): /);
  });

  it.each([
    [{}, 'error CNNC1001: model file'],
    [{ FORCE_COLOR: '1' }, '\x1b[31merror CNNC1001:\x1b[39m model file'],
  ])('of a process that writes into a pipe, with %j', (env, start) => {
    const { PATH } = process.env;
    const args = ['bin/cnnc.js', 'compile', 'nowhere.ts', '--json'];
    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH, ...env } });
    expect(stderr.startsWith(start)).toBe(true);
  });
});

describe('progress', () => {
  const written = (interactive: boolean): string => {
    let err = '';
    const progress = createProgress({
      ...{ out: () => undefined, interactive, widths: { err: 20 } },
      err: (text) => void (err += text),
    });
    progress.step('loading');
    for (const part of ['01-simplify', '02-fuse']) progress.step('compiling', part);
    progress.end();
    return err;
  };

  it('has a line for each step in a log, none for its parts', () => {
    expect(written(false)).toBe('loading\ncompiling\n');
  });

  it('stays within the line of a terminal', () => {
    expect(written(true).split('\r\x1b[2K')).toEqual([
      '',
      'loading',
      'compiling: 01-simpl',
      'compiling: 02-fuse',
      '',
    ]);
  });
});
