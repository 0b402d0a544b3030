import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseShape, parseTargets, parseWhole } from '../../compiler/cli/arguments.ts';
import { createProgress } from '../../compiler/cli/progress.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import { cnnc } from './support.ts';

describe('help', () => {
  const commands = ['bench', 'compile', 'export', 'help', 'import', 'init', 'run', 'train'];

  it.each([[[]], ...commands.map((name) => [[name]])])(
    'cnnc %j --help ends with examples',
    async (command) => {
      const { code, out, err } = await cnnc([...command, '--help']);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^Usage: ${['cnnc', ...command].join(' ')}`));
      expect(out).toMatch(/\nExamples:\n( {2}cnnc [a-z]+.*\n)+$/);
    },
  );

  it.each([[[]], ...commands.map((name) => [[name]])])('cnnc help %j prints the same', async (command) => {
    expect(await cnnc(['help', ...command])).toEqual(await cnnc([...command, '--help']));
  });

  it('refuses an unknown command', async () => {
    const { code, out, err } = await cnnc(['help', 'complie']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      'error CNNC4001: cnnc: unknown command complie, did you mean compile?\n  cnnc --help lists the commands\n',
    );
  });

  it('lists each command in one line', async () => {
    const { out } = await cnnc(['--help']);
    const [, listed = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(out) ?? [];
    const names = listed
      .trimEnd()
      .split('\n')
      .map((line) => /^ {2}([a-z]+) {2,}\S/.exec(line)?.[1]);
    expect(names.map(String).sort()).toEqual(commands);
  });

  it('stands on stderr where no command is given', async () => {
    const { code, out, err } = await cnnc([]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Usage: cnnc[^]*Examples:/);
  });

  it('prints the version', async () => {
    expect(await cnnc(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' });
  });
});

describe('wrong use', () => {
  it.each([
    [
      'complie x.ts',
      'CNNC4001: cnnc: unknown command complie, did you mean compile?\n  cnnc --help lists the commands',
    ],
    ['frobnicate', 'CNNC4001: cnnc: unknown command frobnicate\n  cnnc --help lists the commands'],
    [
      'compile x.ts --bach 3',
      'CNNC4002: cnnc compile: unknown option --bach, did you mean --batch?\n  cnnc compile --help shows how to use it',
    ],
    [
      'compile --frobnicate',
      'CNNC4002: cnnc compile: unknown option --frobnicate\n  cnnc compile --help shows how to use it',
    ],
    ['compile', 'CNNC4003: cnnc compile: <model> is missing\n  cnnc compile --help shows how to use it'],
    [
      'compile a.ts b.ts',
      'CNNC4004: cnnc compile: too many arguments\n  cnnc compile --help shows how to use it',
    ],
    [
      'compile a.ts --out',
      'CNNC4003: cnnc compile: the value of --out <folder> is missing\n  cnnc compile --help shows how to use it',
    ],
    [
      'compile a.ts --batch two',
      'CNNC4005: --batch: "two" is not a whole number from 1, or different ones separated by commas',
    ],
    [
      'compile a.ts --batch 8,1,8',
      'CNNC4005: --batch: "8,1,8" is not a whole number from 1, or different ones separated by commas',
    ],
    [
      'compile a.ts --predict-batch 1',
      'CNNC4008: cnnc compile: --predict-batch is for packages that train; add --train',
    ],
    [
      'compile a.ts --input 1x3x8x8',
      'CNNC4005: --input: "1x3x8x8" is not a name and a shape, such as image=1x3x224x224',
    ],
    [
      'compile a.ts --target wasam',
      'CNNC7001: --target: there is no target "wasam"; expected one of typescript, wasm, webgpu, all',
    ],
    [
      'compile a.ts --target typescript,',
      'CNNC7001: --target: there is no target ""; expected one of typescript, wasm, webgpu, all',
    ],
    [
      'compile a.ts --seed 1 --weights w',
      'CNNC4007: cnnc compile: --seed and --weights exclude each other: the first draws the weights, the second reads them',
    ],
    ['run generated/net', 'CNNC4003: cnnc run: <image> is missing\n  cnnc run --help shows how to use it'],
    ['run generated/net a.png --top 0', 'CNNC4005: --top: "0" is not a whole number from 1'],
  ])('cnnc %s', async (line, message) => {
    expect(await cnnc(line.split(' '))).toEqual({ code: 1, out: '', err: `error ${message}\n` });
  });

  it('is an exit code and one message in a process of its own', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['bin/cnnc.js', 'compile', 'models/resnet19.ts'],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'loading models/resnet19.ts\nerror CNNC1001: model file (models/resnet19.ts): the file does not exist\n  did you mean models/resnet18.ts?\n',
    );
  });
});

describe('values', () => {
  it('reads whole numbers and nothing that only looks like one', () => {
    const parse = parseWhole('--n', 1);
    expect(parse('12')).toBe(12);
    for (const text of ['', '0', '-1', '1.5', '1e3', '0x10', ' 1', '99999999999999999999']) {
      expect(() => parse(text)).toThrow(`--n: ${JSON.stringify(text)} is not a whole number from 1`);
    }
  });

  it('selects targets, each once', () => {
    const parse = (text: string) => parseTargets('--target')(text).map(({ name }) => name);
    expect(parse('typescript')).toEqual(['typescript']);
    expect(parse('typescript, typescript')).toEqual(['typescript']);
    expect(parse('all')).toEqual(targetNames);
    for (const text of ['', 'All', 'typescript;all', '__proto__']) {
      expect(() => parse(text)).toThrow(
        `--target: there is no target ${JSON.stringify(text)}; expected one of`,
      );
    }
  });

  it('gathers shapes', () => {
    const parse = parseShape('--input');
    expect(parse('b=7', parse('a=1x3x8x8'))).toEqual({ a: [1, 3, 8, 8], b: [7] });
    expect(() => parse('a=1', parse('a=2'))).toThrow('--input: the shape of a is given twice');
    for (const text of ['a=', 'a=1x', 'a=1,2', '=1', 'a=-1', 'a'])
      expect(() => parse(text)).toThrow('is not a name and a shape');
  });
});

describe('progress', () => {
  const written = (interactive: boolean): string => {
    let err = '';
    const progress = createProgress({ out: () => undefined, err: (text) => void (err += text), interactive });
    progress.step('one');
    progress.step('two');
    progress.end();
    progress.end();
    return err;
  };
  it('is one line that vanishes on a terminal, plain lines in a pipe', () => {
    expect(written(true)).toBe('\r\x1b[2Kone\r\x1b[2Ktwo\r\x1b[2K');
    expect(written(false)).toBe('one\ntwo\n');
  });
});
