/** `load` refuses options that it does not have, on every target, before it reads anything; trainers have `info`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import { createFolders, runNode } from '../support/folders.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import { immediateTargetNames } from '../support/targets.ts';

const newFolder = createFolders();

/** What `load` says to each of the options. */
function answersOf(folder: string, options: readonly string[]): string[] {
  const program = `
    import { load } from './package/index.js';
    const answers = [];
    for (const options of [${options.join(', ')}])
      answers.push(await load(options).then(() => 'loaded', (error) => error.message));
    console.log(JSON.stringify(answers));
  `;
  writeFileSync(join(folder, 'main.mjs'), program);
  return JSON.parse(runNode(folder, 'main.mjs')) as string[];
}

describe.each(targetNames)('load of a package for %s', (target) => {
  it(
    'refuses misspelt options, and training where the package only infers',
    async () => {
      const folder = newFolder();
      const files = await compilePackage(classifier, 'model.ts', { targets: [target] });
      writePackage(join(folder, 'package'), files);
      const options = ['{ wieghts: "w" }', '{ training: true }', '{ nonsense: 1 }'];
      const [misspelt, training, nonsense] = answersOf(folder, options);
      expect(misspelt).toBe('pets.load: there is no option `wieghts`, did you mean `weights`?');
      expect(training).toBe('pets.load: this package does not train; compile it with --train');
      expect(nonsense).toMatch(/^pets\.load: there is no option `nonsense`; the options are weights/);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'knows every option that its types have',
    async () => {
      const files = await compilePackage(classifier, 'model.ts', { targets: [target] });
      const { types, known } = optionsOf(String(files.get('index.ts')));
      expect(known.sort()).toEqual(types.sort());
    },
    COMPILE_TIMEOUT,
  );

  it(
    'refuses misspelt hyperparameters, and hyperparameters without training',
    async () => {
      const folder = newFolder();
      const settings = { targets: [target], training: { optimizer: 'sgd' } } as const;
      writePackage(join(folder, 'package'), await compilePackage(trainable, 'model.ts', settings));
      const options = ['{ training: true, momentm: 0.9 }', '{ momentum: 0.9 }', '{ training: false }'];
      expect(answersOf(folder, options)).toEqual([
        'trainable.load: there is no option `momentm`, did you mean `momentum`?',
        'trainable.load: the option `momentum` is for load({ training: true })',
        'trainable.load: `training` is false; it is true or left out',
      ]);
    },
    COMPILE_TIMEOUT,
  );
});

/** The options in the interface `LoadOptions`, and those that the function `load` checks. */
function optionsOf(source: string): { types: string[]; known: string[] } {
  const [, fields = ''] = /export interface LoadOptions \{\n([^]*?)\n\}/.exec(source) ?? [];
  const [, list = ''] = /checkLoadOptions\('pets', options, \[([^\]]*)\]\)/.exec(source) ?? [];
  return {
    types: [...fields.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name!),
    known: [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
  };
}

describe('load of a package for several targets', () => {
  let folder: string;
  beforeAll(async () => {
    folder = newFolder();
    const files = await compilePackage(classifier, 'model.ts', { targets: targetNames });
    writePackage(join(folder, 'package'), files);
  }, COMPILE_TIMEOUT);

  it('refuses misspelt options, and training', () => {
    const options = ['{ tagret: "wasm" }', '{ relaxdSimd: false }', '{ training: true }'];
    expect(answersOf(folder, options)).toEqual([
      'pets.load: there is no option `tagret`, did you mean `target`?',
      'pets.load: there is no option `relaxdSimd`, did you mean `relaxedSimd`?',
      'pets.load: this package does not train; compile it with --train',
    ]);
  });

  it('takes the options of the other targets and ignores them', () => {
    const options = [
      '{ relaxedSimd: false, onProgress() {} }',
      '{ target: "typescript", relaxedSimd: false }',
    ];
    expect(answersOf(folder, options)).toEqual(['loaded', 'loaded']);
  });
});

it(
  'a trainer has `info`, as a model has',
  async () => {
    const folder = newFolder();
    const settings = { targets: immediateTargetNames, training: { optimizer: 'adam' } } as const;
    writePackage(join(folder, 'package'), await compilePackage(trainable, 'model.ts', settings));
    const program = `
      import { info, load } from './package/index.js';
      const infos = [];
      for (const target of info.targets) {
        const [trainer, model] = [await load({ training: true, target }), await load({ target })];
        trainer.trainStep({ image: new Float32Array(432), label: new Int32Array(4) });
        infos.push([trainer.info.target === target, trainer.info === model.info, trainer.step]);
      }
      console.log(JSON.stringify(infos));
    `;
    writeFileSync(join(folder, 'main.mjs'), program);
    const infos = JSON.parse(runNode(folder, 'main.mjs')) as unknown[];
    expect(infos).toEqual(immediateTargetNames.map(() => [true, true, 1]));
  },
  COMPILE_TIMEOUT,
);
