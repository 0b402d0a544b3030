/** Writing a package: completely or not at all, and never over files that cnnc did not write. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Diagnostic } from 'cnnc';
import type { PackageFiles } from '../../compiler/emit/model.ts';
import { checkFolder, writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders, readFolder } from '../support/folders.ts';

// Wrapped, so that single calls can be made to fail.
vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  return {
    ...original,
    renameSync: vi.fn(original.renameSync),
    writeFileSync: vi.fn(original.writeFileSync),
  };
});
afterEach(() => {
  vi.mocked(fs.renameSync).mockReset();
  vi.mocked(fs.writeFileSync).mockReset();
});

const newFolder = createFolders();

const MANIFEST = JSON.stringify({ name: 'net', cnnc: { format: 1, source: 'net.ts' } });

const files = (
  version: string,
  more: readonly (readonly [string, string | Uint8Array])[] = [],
): PackageFiles =>
  new Map<string, string | Uint8Array>([
    ['package.json', MANIFEST],
    ['index.js', `export const version = '${version}';\n`],
    ['training/step.js', version],
    ['weights.safetensors', new Uint8Array([1, 2, 3])],
    ...more,
  ]);

const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries([...readFolder(folder)].map(([name, bytes]) => [name, bytes.toString('latin1')]));

const expected = (version: string): Record<string, string> => ({
  'package.json': MANIFEST,
  'index.js': `export const version = '${version}';\n`,
  'training/step.js': version,
  'weights.safetensors': '\x01\x02\x03',
});

/** The diagnosis of a write that fails. */
function refused(folder: string, contents: PackageFiles = files('new')): string {
  try {
    writePackage(folder, contents);
  } catch (error) {
    expect(error).toBeInstanceOf(Diagnostic);
    return (error as Diagnostic).message.replaceAll(dirname(folder), 'DIR');
  }
  throw new Error('it was written');
}

/** Everything beside a package, hidden or not. */
const besides = (folder: string): string[] =>
  readdirSync(dirname(folder)).filter((name) => name !== basename(folder));

describe('a package is written', () => {
  it('where nothing is, with the folders above it', () => {
    const folder = join(newFolder(), 'generated', 'deep', 'net');
    writePackage(folder, files('new'));
    expect(contentsOf(folder)).toEqual(expected('new'));
    expect(besides(folder)).toEqual([]);
  });

  it('where an empty folder is', () => {
    const folder = join(newFolder(), 'net');
    mkdirSync(folder);
    writePackage(folder, files('new'));
    expect(contentsOf(folder)).toEqual(expected('new'));
  });

  it('in the place of an older one, of which nothing stays', () => {
    const folder = join(newFolder(), 'net');
    writePackage(
      folder,
      files('old', [
        ['backward.js', 'old'],
        ['training/old.js', 'old'],
      ]),
    );
    writePackage(folder, files('new'));
    expect(contentsOf(folder)).toEqual(expected('new'));
    expect(besides(folder)).toEqual([]);
  });

  it('beside what an interrupted compile has left, which goes', () => {
    const folder = join(newFolder(), 'net');
    for (const rest of ['.cnnc-net-new', '.cnnc-net-old']) {
      mkdirSync(join(dirname(folder), rest));
      writeFileSync(join(dirname(folder), rest, 'index.js'), 'half of it');
    }
    writePackage(folder, files('new'));
    expect(contentsOf(folder)).toEqual(expected('new'));
    expect(besides(folder)).toEqual([]);
  });

  it('in one step: the finished folder takes its name', () => {
    const folder = join(newFolder(), 'net');
    writePackage(folder, files('old'));
    vi.mocked(fs.renameSync).mockClear();
    vi.mocked(fs.writeFileSync).mockClear();
    writePackage(folder, files('new'));
    const moved = vi.mocked(fs.renameSync).mock.calls.map((paths) => paths.map(String));
    const beside = (name: string): string => join(dirname(folder), name);
    expect(moved).toEqual([
      [folder, beside('.cnnc-net-old')],
      [beside('.cnnc-net-new'), folder],
    ]);
    const written = vi.mocked(fs.writeFileSync).mock.calls.map(([path]) => String(path));
    expect(written.filter((path) => !path.startsWith(beside('.cnnc-net-new')))).toEqual([]);
    expect(written).toHaveLength(4);
  });
});

describe('what is not ours is not touched', () => {
  const foreign: [string, Record<string, string>][] = [
    ['a folder with a file', { 'notes.txt': 'mine' }],
    ['a package of another tool', { 'package.json': '{"name":"theirs"}', 'index.js': 'theirs' }],
    ['a package.json that is none', { 'package.json': 'cnnc' }],
    ['a list for a package.json', { 'package.json': '["cnnc"]' }],
    ['a hidden file', { '.env': 'secret' }],
  ];
  it.each(foreign)('%s', (_name, contents) => {
    const folder = join(newFolder(), 'net');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
    const message =
      'package (DIR/net): the folder holds other files; expected a new folder, an empty one, or a package that cnnc wrote';
    expect(refused(folder)).toBe(message);
    expect(() => checkFolder(folder)).toThrow(Diagnostic);
    expect(contentsOf(folder)).toEqual(contents);
    expect(besides(folder)).toEqual([]);
  });

  it.each([
    ['another source', { source: 'other.ts' }, false],
    ['another source, by force', { source: 'other.ts', force: true }, true],
    ['the same source', { source: 'net.ts' }, true],
    ['no source that is known', undefined, true],
  ])('the package of net.ts, for %s', (_name, by, isReplaced) => {
    const folder = join(newFolder(), 'net');
    writePackage(folder, files('old'));
    const replace = (): void => writePackage(folder, files('new'), by);
    if (isReplaced) replace();
    else
      expect(replace).toThrow(
        /the folder holds the package of net\.ts, and this one is compiled from other\.ts/,
      );
    expect(contentsOf(folder)).toEqual(expected(isReplaced ? 'new' : 'old'));
    expect(besides(folder)).toEqual([]);
  });

  it.each([
    ['../nets/net.ts', 'nets/net.ts', true],
    ['../nets/net.ts', 'other/net.ts', false],
    ['generated/../nets/net.ts', 'nets/net.ts', true],
  ])('the package of %s, for %s: the old path starts at a folder above it', (before, now, isSame) => {
    const root = newFolder();
    const folder = join(root, 'generated', 'net');
    writePackage(folder, new Map([['package.json', JSON.stringify({ cnnc: { source: before } })]]));
    const check = (): void => checkFolder(folder, { source: join(root, now) });
    if (isSame) check();
    else expect(check).toThrow(Diagnostic);
  });

  it('a file of that name', () => {
    const folder = join(newFolder(), 'net');
    writeFileSync(folder, 'mine');
    expect(refused(folder)).toMatch(/^package \(DIR\/net\): a file is in the way/);
    expect(besides(folder)).toEqual([]);
  });

  it('a file on the way there', () => {
    const root = newFolder();
    writeFileSync(join(root, 'generated'), 'mine');
    expect(refused(join(root, 'generated', 'net'))).toContain('is in the way');
    expect(contentsOf(root)).toEqual({ generated: 'mine' });
  });
});

/** Each way in which writing may fail, and what there was before. */
const FAILURES: readonly [name: string, contents: PackageFiles, prepare: () => void][] = [
  ['a name that no file can have', files('new', [['a\0b', 'x']]), () => {}],
  ['a file that is a folder too', files('new', [['index.js/x', 'x']]), () => {}],
  [
    'a full disk',
    files('new'),
    () =>
      vi
        .mocked(fs.writeFileSync)
        .mockImplementationOnce(() => {})
        .mockImplementationOnce(() => {
          throw new Error('ENOSPC: no space left on device, write');
        }),
  ],
  [
    'a folder that cannot be moved',
    files('new'),
    () =>
      vi.mocked(fs.renameSync).mockImplementationOnce(() => {
        throw new Error('EBUSY: resource busy or locked, rename');
      }),
  ],
];

describe('a write that fails', () => {
  it.each(FAILURES)('leaves the old package as it was: %s', (_name, contents, prepare) => {
    const folder = join(newFolder(), 'net');
    writePackage(folder, files('old'));
    prepare();
    expect(refused(folder, contents)).toMatch(/^package \(DIR\/net\): cannot write the folder: ./);
    expect(contentsOf(folder)).toEqual(expected('old'));
    expect(besides(folder)).toEqual([]);
  });

  it.each(FAILURES)('leaves nothing where nothing was: %s', (_name, contents, prepare) => {
    const folder = join(newFolder(), 'net');
    prepare();
    expect(refused(folder, contents)).toMatch(/^package \(DIR\/net\): cannot write the folder: ./);
    expect(existsSync(folder)).toBe(false);
    expect(besides(folder)).toEqual([]);
  });

  it('brings the old package back when the new one cannot take its place', () => {
    const folder = join(newFolder(), 'net');
    writePackage(folder, files('old'));
    const rename = vi.mocked(fs.renameSync).getMockImplementation()!;
    vi.mocked(fs.renameSync)
      .mockImplementationOnce(rename)
      .mockImplementationOnce(() => {
        expect(existsSync(folder)).toBe(false);
        throw new Error('EPERM: operation not permitted, rename');
      });
    expect(refused(folder)).toBe(
      'package (DIR/net): cannot write the folder: EPERM: operation not permitted, rename',
    );
    expect(contentsOf(folder)).toEqual(expected('old'));
    expect(besides(folder)).toEqual([]);
  });

  it.each([
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission denied'],
    ['ENOSPC', 'the disk is full'],
  ])('says why: %s', (code, reason) => {
    const folder = join(newFolder(), 'net');
    vi.mocked(fs.writeFileSync).mockImplementationOnce(() => {
      throw Object.assign(new Error(`${code}: what the system says, open`), { code });
    });
    expect(refused(folder)).toBe(`package (DIR/net): cannot write the folder: ${reason}`);
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0)('says so where the folder above may not be written', () => {
    const root = newFolder();
    chmodSync(root, 0o555);
    expect(refused(join(root, 'net'))).toMatch(/cannot write the folder: permission denied$/);
    chmodSync(root, 0o755);
    expect(readdirSync(root)).toEqual([]);
  });
});
