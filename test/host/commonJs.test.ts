import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFolders } from '../support/folders.ts';

const newFolder = createFolders();

const BODY = `defineModel({
  name: 'common',
  inputs: { x: [1, 4] },
  build: (net, { x }) => ({ y: net.linear('fc', x, { features: 2 }) }),
});`;
const TYPED = `import { defineModel, type Model } from 'cnnc';\nconst model: Model = ${BODY}\nexport default model;\n`;
const PLAIN = `const { defineModel } = require('cnnc');\nmodule.exports = ${BODY}\n`;

it.each([
  ['model.cts', TYPED],
  ['model.ts', TYPED],
  ['model.cjs', PLAIN],
])('%s is loaded by the command line in a CommonJS project', (name, source) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(folder, name), source);
  const args = ['bin/cnnc.js', 'compile', join(folder, name), '--out', join(folder, 'out')];
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});

it('a .cts file can be loaded again after it has changed', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'model.cts'), TYPED);
  const program = `
    const { writeFileSync } = await import('node:fs');
    const { loadFreshModel } = await import(${JSON.stringify(join(process.cwd(), 'compiler/host/loadModel.ts'))});
    const load = async () => (await loadFreshModel('model.cts')).model.name;
    const before = await load();
    writeFileSync('model.cts', ${JSON.stringify(TYPED.replace("'common'", "'changed'"))});
    console.log(before, await load());`;
  writeFileSync(join(folder, 'twice.mts'), program);
  const args = ['--import', import.meta.resolve('tsx'), 'twice.mts'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(stdout, stderr).toBe('common changed\n');
});
