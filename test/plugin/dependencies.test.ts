import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { importedFiles } from '../../compiler/plugin/dependencies.ts';
import { createFolders } from '../support/folders.ts';

const newFolder = createFolders();

it('finds what a model file imports, by relative paths and as TypeScript finds it', () => {
  const folder = newFolder();
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write(
    'net.ts',
    `import { defineModel } from 'cnnc';
import { block } from './blocks/block.js';
import type { Size } from "./sizes";
export * from './again.ts';
const lazy = import('./lazy.mjs');
const old = require('./old');
import './not-there.ts';`,
  );
  write('blocks/block.ts', `import data from '../data.json' with { type: 'json' };\nimport '../net.ts';`);
  write('sizes/index.ts', '');
  write('again.ts', '');
  write('lazy.mjs', '');
  write('old.cjs', '');
  write('data.json', '{}');
  const found = importedFiles(join(folder, 'net.ts')).map((file) => relative(folder, file));
  expect(found[0]).toBe('net.ts');
  expect(found.sort()).toEqual([
    'again.ts',
    'blocks/block.ts',
    'data.json',
    'lazy.mjs',
    'net.ts',
    'old.cjs',
    'sizes/index.ts',
  ]);
});

it('is the file alone where there is nothing to read', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'net.onnx'), "import './net.ts'");
  writeFileSync(join(folder, 'net.ts'), '');
  expect(importedFiles(join(folder, 'net.onnx'))).toEqual([join(folder, 'net.onnx')]);
  expect(importedFiles(join(folder, 'none.ts'))).toEqual([join(folder, 'none.ts')]);
});
