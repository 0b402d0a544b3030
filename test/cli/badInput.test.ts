/**
 * What `cnnc compile` says about bad input: the diagnosis word for word, exit code 1, nothing on stdout, and
 * nothing half-written beside what stood there before.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { cnnc } from './support.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-bad-'));
  write('good.ts', model('return { y: net.linear("fc", net.flatten(x), { features: 2 }) };'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

function write(name: string, contents: string | Uint8Array): string {
  writeFileSync(at(name), contents);
  return at(name);
}

/** A model file of a 4-channel 6x6 input; `body` stands in its line 4. */
const model = (body: string): string => `import { defineModel } from '${process.cwd()}/compiler/index.ts';
export default defineModel({ name: 'net', inputs: { x: [1, 4, 6, 6] },
  build(net, { x }) {
    ${body}
  },
});
`;

/** Places are printed relative to the working directory, folders as they were given. */
const short = (text: string): string =>
  text.replaceAll(relative(process.cwd(), folder), 'DIR').replaceAll(folder, 'DIR');

/** Every file below the folder with its bytes, the folders that hold none as well. */
function snapshot(): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? readFileSync(path, 'latin1') : 'folder'];
    }),
  );
}

async function diagnosisOf(...args: string[]): Promise<string> {
  const before = snapshot();
  const { code, out, err } = await cnnc(['compile', ...args]);
  expect([code, out]).toEqual([1, '']);
  expect(snapshot()).toEqual(before);
  const steps = /^(loading|compiling:|writing) .*\n/gm;
  return short(err.replace(steps, ''));
}

describe('a model that cannot be', () => {
  // In a process of its own: there tsx and Node's own source maps find the line, not vitest's.
  it.each([
    [
      'channels that do not match',
      model('return { y: net.add(x, net.conv2d("conv1", x, { channels: 8, kernel: 1 })) };'),
      [
        'error CNNC1202: add at add (DIR/net.ts:4): the shapes [1,4,6,6] and [1,8,6,6] do not broadcast',
        '  a f32[1,4,6,6]',
        '  b f32[1,8,6,6]',
      ],
    ],
    [
      'channels that do not split into groups',
      model('return { y: net.conv2d("conv1", x, { channels: 6, kernel: 1, groups: 3 }) };'),
      ['error CNNC1204: conv2d at conv1 (DIR/net.ts:4): 4 input channels cannot be split into 3 groups'],
    ],
    [
      'a kernel larger than its input',
      model('return { y: net.conv2d("conv1", x, { channels: 8, kernel: 9, padding: 1 }) };'),
      [
        'error CNNC1204: conv2d at conv1 (DIR/net.ts:4): the kernel spans 9 of height, the input with its padding has only 8',
        '  x      f32[1,4,6,6]',
        '  weight f32[8,4,9,9]',
        '  bias   f32[8]',
      ],
    ],
    [
      'a file that throws',
      'const depth: number = 3;\n\nthrow new RangeError(`no depth ${depth}`);\n',
      ['error CNNC1002: model file (DIR/net.ts:3): running the file failed', '  RangeError: no depth 3'],
    ],
    [
      'a build that throws',
      model('throw new TypeError("not today");'),
      ['error CNNC1020: model at net (DIR/net.ts:2): build failed', '  DIR/net.ts:4: TypeError: not today'],
    ],
    [
      'a file that is no TypeScript',
      'const a = 1;\nexport default {{;\n',
      [
        'error CNNC1002: model file (DIR/net.ts:2): running the file failed',
        '  SyntaxError: Expected identifier but found "{"',
      ],
    ],
    [
      'a file without a model',
      'export const depth = 3;\n',
      [
        'error CNNC1003: model file (DIR/net.ts): the file has no default export',
        '  expected: export default defineModel({ name, inputs, build })',
      ],
    ],
  ])('%s', (_, source, lines) => {
    const file = write('net.ts', source);
    const before = snapshot();
    const args = ['bin/cnnc.js', 'compile', file, '--out', at('out')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(short(stderr)).toBe(`loading DIR/net.ts\n${lines.join('\n')}\n`);
    expect(snapshot()).toEqual(before);
  });
});

describe('weights that do not fit', () => {
  const numbers = (...shape: number[]) => new Float32Array(shape.reduce((size, extent) => size * extent, 1));
  const tensor = (name: string, ...shape: number[]) => ({ name, shape, data: numbers(...shape) });
  const compileWith = (bytes: Uint8Array): Promise<string> => {
    return diagnosisOf(at('good.ts'), '--out', at('out'), '--weights', write('w.safetensors', bytes));
  };

  it('missing, unexpected and misshapen ones, all at once', async () => {
    const file = writeSafetensors([tensor('fc.weight', 144, 2), tensor('head.bias', 3)]);
    expect(await compileWith(file)).toBe(
      [
        'error CNNC2001: weights (DIR/w.safetensors): the file does not fit the 2 weights of the model: 1 missing, 1 unexpected, 1 of another shape',
        '  wrong shape fc.weight: the file has F32[144,2], the model expects [2,144]',
        '  missing     fc.bias: the model expects [2]',
        '  extra       head.bias: F32[3]',
        '',
      ].join('\n'),
    );
  });

  it('a truncated file, wherever it ends', async () => {
    const file = writeSafetensors([tensor('fc.weight', 2, 144), tensor('fc.bias', 2)]);
    for (const length of [0, 7, 8, 40, file.length - 1]) {
      expect(await compileWith(file.subarray(0, length)), `${length} bytes`).toMatch(
        /^error CNNC2010: safetensors \(DIR\/w\.safetensors\): [^\n]*\b\d+ bytes?\b[^\n]*\n$/,
      );
    }
    expect(await compileWith(new TextEncoder().encode('<!doctype html><title>Not found</title>'))).toMatch(
      /^error CNNC2011: safetensors \(DIR\/w\.safetensors\): .*\n {2}is this a safetensors file\? It begins with "<!doctype/,
    );
  });
});

describe('a folder that is not ours', () => {
  it('is refused before the weights are read', async () => {
    mkdirSync(at('thesis'));
    write('thesis/chapter1.txt', 'It was a dark night.');
    write('thesis/package.json', '{ "name": "thesis" }');
    write('letter', 'dear');
    const expected = 'expected a new folder, an empty one, or a package that cnnc wrote\n';
    const refused = (out: string) => diagnosisOf(at('good.ts'), '--out', at(out), '--weights', at('none'));
    expect(await refused('thesis')).toBe(
      `error CNNC5005: package (DIR/thesis): the folder holds other files; ${expected}`,
    );
    expect(await refused('letter')).toBe(
      `error CNNC5005: package (DIR/letter): a file is in the way; ${expected}`,
    );
  });

  it('a package of ours stays as it was when the next compile fails', async () => {
    expect((await cnnc(['compile', at('good.ts'), '--out', at('kept')])).code).toBe(0);
    write('bad.ts', model('return { y: net.relu(net.linear("fc", x, { features: 2 })) };'));
    expect(await diagnosisOf(at('bad.ts'), '--out', at('kept'), '--force')).toMatch(
      /^error CNNC1202: linear at fc \(DIR\/bad\.ts:4\): /,
    );
    const weights = ['--weights', at('good.ts')];
    expect(await diagnosisOf(at('good.ts'), '--out', at('kept'), ...weights)).toMatch(
      /^error CNNC2011: safetensors \(DIR\/good\.ts\): /,
    );
  });

  it('cannot lie below a file', async () => {
    expect(await diagnosisOf(at('good.ts'), '--out', at('good.ts/deep/net'))).toMatch(
      /^error CNNC5005: package \(DIR\/good\.ts\/deep\/net\): the file DIR\/good\.ts is in the way; expected a new folder/,
    );
  });
});
