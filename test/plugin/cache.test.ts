import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PackageFiles } from '../../compiler/emit/model.ts';
import {
  defaultFolder,
  fileHash,
  findPackage,
  storePackage,
  type Found,
  type Place,
} from '../../compiler/plugin/cache.ts';
import { createFolders } from '../support/folders.ts';

const newFolder = createFolders();

interface Cache {
  readonly place: Place;
  write(text: string): void;
  store(text: string, place?: Place): Found;
}

function createCache(): Cache {
  const root = newFolder();
  const place = { root, folder: join(root, 'cache'), name: 'net', key: 'k1' };
  const file = join(root, 'net.ts');
  return {
    place,
    write: (text) => writeFileSync(file, text),
    store(text, where = place) {
      const files: PackageFiles = new Map([
        ['package.json', '{ "cnnc": {} }'],
        ['index.js', text],
      ]);
      return storePackage(where, new Map([[file, fileHash(file)]]), files);
    },
  };
}

describe('packages in the cache', () => {
  it('are found as long as their files are what they were', () => {
    const { place, write, store } = createCache();
    write('one');
    expect(findPackage(place)).toBeUndefined();
    const { folder } = store('first');
    expect(readFileSync(join(folder, 'index.js'), 'utf8')).toBe('first');
    expect(findPackage(place)).toEqual({ folder, files: [join(place.root, 'net.ts')] });
    write('another');
    expect(findPackage(place)).toBeUndefined();
  });

  it('are found again after an edit is undone, and removed after two more', () => {
    const { place, write, store } = createCache();
    const folders = ['one', 'twotwo', 'three'].map((text) => {
      write(text);
      return store(text).folder;
    });
    expect(new Set(folders).size).toBe(3);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true]);
    write('twotwo');
    expect(findPackage(place)?.folder).toBe(folders[1]);
    write('one');
    expect(findPackage(place)).toBeUndefined();
  });

  it('are others for other options', () => {
    const { place, write, store } = createCache();
    write('one');
    const other = { ...place, key: 'k2' };
    const first = store('first');
    expect(findPackage(other)).toBeUndefined();
    const second = store('second', other);
    expect(second.folder).not.toBe(first.folder);
    expect(findPackage(place)?.folder).toBe(first.folder);
  });

  it('are not found where a file or the folder is gone, or the record is not ours', () => {
    const { place, write, store } = createCache();
    write('one');
    store('first');
    const record = join(place.folder, 'net-k1.json');
    expect(readdirSync(place.folder)).toContain('net-k1.json');
    const text = readFileSync(record, 'utf8');
    expect(text).not.toContain(place.root);
    writeFileSync(record, text.replaceAll('net.ts', 'gone.ts'));
    expect(findPackage(place)).toBeUndefined();
    writeFileSync(record, '{');
    expect(findPackage(place)).toBeUndefined();
    expect(store('first').folder).toBeTruthy();
    expect(findPackage(place)).toBeDefined();
  });

  it('lie beside the nearest package.json', () => {
    const root = newFolder();
    mkdirSync(join(root, 'app', 'src'), { recursive: true });
    writeFileSync(join(root, 'app', 'package.json'), '{}');
    expect(defaultFolder(join(root, 'app', 'src'))).toBe(join(root, 'app', 'node_modules', '.cache', 'cnnc'));
  });
});
