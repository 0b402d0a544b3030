/**
 * A package in a project of a user whose TypeScript is strict and knows no page: neither its sources nor its declarations
 * are an error there, and its types still know its shapes.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import { createFolders, readFolder } from '../support/folders.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noImplicitOverride: true,
    skipLibCheck: false,
    lib: ['ES2022'],
    types: [],
    module: 'NodeNext',
    target: 'ES2022',
    noEmit: true,
  },
  files: ['usage.ts'],
};

function typeCheck(folder: string, usage: string): string[] {
  writeFileSync(join(folder, 'usage.ts'), usage);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  return stdout.trim().split('\n').filter(Boolean);
}

const INFERENCE = `
  import { info, load, preprocess, topK, type Outputs } from './package/index.js';
  const model = await load({ weights: new Uint8Array(8) });
  const outputs: Outputs = await model.forward({ image: preprocess(new Uint8Array(360), 10, 12) });
  const width: 10 = info.inputs.image.shape[3];
  export const used: unknown[] = [topK(outputs.logits, 1)[0]?.label, width];
  // @ts-expect-error no such input
  await model.forward({ imgae: new Float32Array(360) });
  // @ts-expect-error no such output
  outputs.logit;
`;

const TRAINING = `
  import { load } from './package/index.js';
  const trainer = await load({ training: true, learningRate: 0.1 });
  const [image, label] = [new Float32Array(432), new Int32Array(4)];
  const { loss } = await trainer.trainStep({ image, label });
  const optimizer: 'sgd' = trainer.info.training.optimizer;
  export const used: [number, string] = [loss, optimizer];
  // @ts-expect-error the label is missing
  await trainer.trainStep({ image });
`;

const PROJECTS = [...targetNames.map((name) => [name]), targetNames];

describe.each(PROJECTS.map((targets) => ({ name: targets.join(', '), targets })))(
  "a user's project with a package for $name",
  ({ targets }) => {
    it.each([
      ['infers', classifier, {}, INFERENCE],
      ['trains', trainable, { training: { optimizer: 'sgd' } }, TRAINING],
    ] as const)(
      'that %s has no errors, with its sources and without',
      async (_, model, settings, usage) => {
        const folder = newFolder();
        const files = await compilePackage(model, 'model.ts', { targets, ...settings });
        writePackage(join(folder, 'package'), files);
        expect(typeCheck(folder, usage), 'with sources').toEqual([]);
        removeSources(join(folder, 'package'));
        const all = importAll(join(folder, 'package'));
        expect(typeCheck(folder, `${usage}\n${all}`), 'declarations only').toEqual([]);
      },
      COMPILE_TIMEOUT,
    );
  },
);

function removeSources(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => /(?<!\.d)\.ts$/.test(name));
  expect(sources).toContain('index.ts');
  for (const name of sources) rmSync(join(folder, name));
}

/** Imports of all declaration files of a package, also those that its index does not import. */
function importAll(folder: string): string {
  const names = [...readFolder(folder).keys()].filter((name) => name.endsWith('.d.ts'));
  expect(names.length).toBeGreaterThan(4);
  return names.map((name) => `import './package/${name.replace(/\.d\.ts$/, '.js')}';`).join('\n');
}
