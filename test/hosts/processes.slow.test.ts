/** Packages in Node 20, 22 and 24, Bun and Deno: the numbers of this Node, by `import` and by `require`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { runPages, writePages } from '../browser/pages.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { BODY, compileAll, expectedOn, IMPORTS, type Numbers } from './packages.ts';
import { describeOn, PROCESSES, runOn, sayOn } from './runtimes.ts';

const newFolder = createFolders();

let folder: string;
let node: Numbers;
beforeAll(async () => {
  folder = newFolder();
  await compileAll(folder);
  writePages(join(folder, 'program'), IMPORTS, BODY);
  node = runPages(join(folder, 'program')).answer as Numbers;
  expect(node).toMatchObject({ plain: { length: 11 }, fastest: { 0: 'wasm' } });
  expect(node.plain).not.toEqual(node.fastest);
}, COMPILE_TIMEOUT);

const FILE_MISSING = (name: string): RegExp => new RegExp(`^cannot read .*${name}: (ENOENT|No such file)`);

PROCESSES.forEach((one) => {
  describeOn(one, () => {
    it('computes the numbers of Node, and says which files are missing', () => {
      const { answer, error } = sayOn(one, join(folder, 'program'));
      expect(error).toBeUndefined();
      const { errors, ...numbers } = answer as Numbers;
      expect(numbers).toEqual(expectedOn(node, one.fuses));
      expect(errors).toEqual([
        expect.stringMatching(FILE_MISSING('nowhere.safetensors')),
        expect.stringMatching(FILE_MISSING('nowhere.wasm')),
        'cannot fetch the Response: the server answered 404',
      ]);
    });

    it('takes a package by require', () => {
      const program = `
        const { info, load } = require('./all/index.js');
        load({ relaxedSimd: false }).then((model) => {
          const image = Float32Array.from({ length: 1024 }, (_, i) => ((i * 37) % 101) / 50 - 1);
          console.log(JSON.stringify([model.info.target, ...model.forward({ image }).logits]));
        });`;
      writeFileSync(join(folder, 'required.cjs'), program);
      expect(JSON.parse(runOn(one, folder, 'required.cjs'))).toEqual(node.plain);
    });
  });
});
