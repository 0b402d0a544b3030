/** What users read where the system refuses to write, and names that are longer than a file system takes. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dumpModel } from '../../compiler/driver/dump.ts';
import { checkLength, fileReason, statsOf } from '../../compiler/host/fileErrors.ts';
import { cnnc } from '../cli/support.ts';
import { compiledFor } from '../support/compiled.ts';
import { createFolders } from '../support/folders.ts';
import { classifier } from '../support/packageModels.ts';

const newFolder = createFolders();
const LONG = 'n'.repeat(300);

const systemError = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: as the system says it, open`), { code, ...more });

/** The error of the system itself. */
function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

describe('the reason', () => {
  it.each([
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission denied'],
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EISDIR', 'EISDIR: as the system says it, open'],
  ])('%s', (code, text) => {
    expect(fileReason(systemError(code))).toBe(text);
  });

  it('names the name that is too long, with its bytes', () => {
    const text = 'the name nnnnnnnnnnnnnnnnnnnnnnnn... has 300 bytes, and file systems take at most 255';
    expect(fileReason(caught(() => readdirSync(join(newFolder(), LONG, 'a'))))).toBe(text);
    expect(fileReason(caught(() => checkLength(join(newFolder(), LONG))))).toBe(text);
    const renamed = systemError('ENAMETOOLONG', { path: 'a', dest: `b/${'ü'.repeat(150)}` });
    expect(fileReason(renamed)).toContain('has 300 bytes');
  });

  it('is the path where every name is short', () => {
    const path = Array.from({ length: 100 }, () => 'n'.repeat(100)).join('/');
    expect(fileReason(caught(() => readdirSync(path)))).toBe('the path is longer than the file system takes');
  });

  it('is not asked where nothing can be', () => {
    expect(statsOf(LONG)).toBeUndefined();
    expect(statsOf(newFolder())?.isDirectory()).toBe(true);
    expect(() => checkLength(join(newFolder(), 'nothing'))).not.toThrow();
  });
});

describe('a name that is too long', () => {
  const compile = (...args: string[]) => cnnc(['compile', 'models/lenet5.ts', ...args]);
  const reason = 'the name nnnnnnnnnnnnnnnnnnnnnnnn... has 300 bytes, and file systems take at most 255\n';

  it('is refused before the model is compiled, and nothing is written', async () => {
    const folder = newFolder();
    const out = join(folder, LONG, 'net');
    const { code, err } = await compile('--out', out);
    expect(code).toBe(1);
    expect(err).toContain(`error CNNC5002: package (${out}): cannot write the folder: ${reason}`);
    expect(err).not.toContain('compiling');
    expect(existsSync(join(folder, LONG))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused for dumped files, results and models', async () => {
    const folder = newFolder();
    const dump = join(folder, LONG);
    const { err } = await compile('--out', join(folder, 'net'), '--dump-ir', dump);
    expect(err).toContain(`error CNNC5002: --dump-ir (${dump}): cannot write into the folder: ${reason}`);
    const onnx = `${dump}.onnx`;
    const exported = await cnnc(['export', 'models/lenet5.ts', '--onnx', onnx]);
    expect(exported.err).toContain(
      `error CNNC5002: --onnx (${onnx}): cannot write the file: the name nnnnnnnnnnnnnnnnnnnnnnnn... has 305`,
    );
  });

  it('is a file or folder that does not exist, where it is read', async () => {
    expect((await cnnc(['compile', `${LONG}.ts`])).err).toContain('error CNNC1001: ');
    expect((await cnnc(['compile', `${LONG}.onnx`])).err).toContain('error CNNC1001: ');
    expect((await cnnc(['run', LONG, 'a.png'])).err).toContain('error CNNC5003: ');
  });

  it('fits if it has 255 bytes', async () => {
    const out = join(newFolder(), 'n'.repeat(255));
    expect((await compile('--out', out)).code).toBe(0);
    expect(existsSync(join(out, 'index.js'))).toBe(true);
  });
});

describe('files named after kernels', () => {
  it('have short names where kernels have long ones, and different ones', () => {
    const [compiled] = compiledFor(classifier, {}).models;
    const { program } = compiled!;
    // The names of kernels end with the operators of their fused tail.
    const long = (name: string): string => `${'exp_reciprocal_'.repeat(20)}${name}`;
    const phases = program.phases.map(({ calls, ...phase }) => ({
      ...phase,
      calls: calls.map((call) => ({ ...call, kernel: { ...call.kernel, name: long(call.kernel.name) } })),
    }));
    const kernels = phases.flatMap(({ calls }) => calls.map(({ kernel }) => kernel.name));
    const dumped = dumpModel({ ...compiled!, program: { ...program, phases } });
    const names = dumped.map(({ path }) => basename(path));
    expect(names).toHaveLength(new Set(kernels).size + 1);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(3);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThan(220);
  });
});
