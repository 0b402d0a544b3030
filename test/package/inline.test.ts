/** Packages with parts inside their JavaScript: no file beside it, the same numbers, and declarations without the text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import type { InlineOption } from '../../compiler/driver/inline.ts';
import type { PackageFiles } from '../../compiler/emit/model.ts';
import { INLINE_PARTS } from '../../compiler/emit/model.ts';
import { inlineWeightsSource, MOST_INLINE_BYTES, refuseLarge } from '../../compiler/package/inlineWeights.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { cnnc } from '../cli/support.ts';
import { optionalValues } from '../../compiler/cli/compile.ts';
import { attachValues } from '../../compiler/cli/optionalValues.ts';
import { createFolders, readFolder, runNode } from '../support/folders.ts';
import { classifier, parameterless, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import { immediateTargetNames } from '../support/targets.ts';

const newFolder = createFolders();

const withInline = (targets: readonly TargetName[], inline: InlineOption): Promise<PackageFiles> =>
  compilePackage(classifier, 'model.ts', { targets, inline });

/** Files that are neither sources nor text. */
const binaries = (files: PackageFiles): string[] =>
  [...files.keys()].filter((name) => /\.(wasm|safetensors)$/.test(name));

/** What a program prints that imports the package, as `package`, alone: it has no files beside its code. */
function runAlone(files: PackageFiles, body: string): unknown {
  const folder = newFolder();
  const code = [...files].filter(([name]) => /\.js(on)?$/.test(name));
  writePackage(join(folder, 'package'), new Map(code));
  writeFileSync(join(folder, 'main.mjs'), `import { load } from './package/index.js';\n${body}`);
  return JSON.parse(runNode(folder, 'main.mjs'));
}

const FORWARD = `
  const image = Float32Array.from({ length: 360 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const model = await load();
  console.log(JSON.stringify([...model.forward({ image }).logits]));
`;

function runBeside(files: PackageFiles, body: string): unknown {
  const folder = newFolder();
  writePackage(join(folder, 'package'), files);
  writeFileSync(join(folder, 'main.mjs'), `import { load } from './package/index.js';\n${body}`);
  return JSON.parse(runNode(folder, 'main.mjs'));
}

describe('a package with everything inside', { timeout: COMPILE_TIMEOUT }, () => {
  it.each(immediateTargetNames)('for %s is code alone and computes the same numbers', async (target) => {
    const files = await withInline([target], 'all');
    expect(binaries(files)).toEqual([]);
    const logits = runAlone(files, FORWARD) as number[];
    expect(logits).toHaveLength(3);
    expect(logits).toEqual(runBeside(await withInline([target], false), FORWARD));
  });

  it.each(targetNames)('for %s does not name files that it does not have', async (target) => {
    const files = await withInline([target], 'all');
    for (const [name, text] of files) {
      if (!/\.(js|ts|json|md)$/.test(name)) continue;
      // The README has a worker of the user.
      const own = String(text).replace("new URL('./worker.js', import.meta.url)", '');
      expect(own, name).not.toMatch(/weights\.safetensors|\.wasm'|, import\.meta\.url\)/);
    }
    const { exports } = JSON.parse(files.get('package.json') as string) as { exports: object };
    expect(Object.keys(exports)).toEqual(['.', './package.json']);
    expect(files.get('README.md')).toMatch(
      /`weightsBase64\.ts` \| weights and running statistics, .*, in base64/,
    );
    // Their types are strings: not literals, which would repeat the text.
    for (const [name, text] of files)
      if (name.endsWith('.d.ts')) expect(text, name).not.toMatch(/[A-Za-z0-9+/=]{200}/);
  });

  it('for several targets has the weights in each of them', async () => {
    const files = await withInline(targetNames, 'all');
    expect(binaries(files)).toEqual([]);
    for (const target of targetNames) expect([...files.keys()]).toContain(`${target}/weightsBase64.js`);
    expect(runAlone(files, FORWARD)).toEqual(runBeside(await withInline(['wasm'], false), FORWARD));
  });

  it('trains', async () => {
    const training = { optimizer: 'adam' } as const;
    const train = `
      const image = Float32Array.from({ length: 432 }, (_, i) => ((i * 37) % 101) / 50 - 1);
      const trainer = await load({ training: true, learningRate: 0.01 });
      const losses = [0, 1].map(() => trainer.trainStep({ image, label: Int32Array.of(0, 1, 2, 1) }).loss);
      console.log(JSON.stringify(losses));
    `;
    for (const target of immediateTargetNames) {
      const settings = { targets: [target], training } as const;
      const inside = await compilePackage(trainable, 'model.ts', { ...settings, inline: 'all' });
      expect(binaries(inside)).toEqual([]);
      const beside = await compilePackage(trainable, 'model.ts', settings);
      expect(runAlone(inside, train)).toEqual(runBeside(beside, train));
    }
  });

  it('takes other weights where they are handed in', async () => {
    const files = await withInline(['typescript'], 'weights');
    const program = `await load({ weights: new Uint8Array(3) }).catch((error) => console.log(JSON.stringify(error.message)));`;
    expect(runAlone(files, program)).toBe('safetensors: the file is truncated: it has 3 bytes');
  });
});

describe('the parts', { timeout: COMPILE_TIMEOUT }, () => {
  const all = ['kernels.relaxed.wasm', 'kernels.wasm', 'weights.safetensors'];
  it.each([
    [false, all],
    [true, all.slice(2)],
    ['kernels', all.slice(2)],
    ['weights', all.slice(0, 2)],
    [['weights'], all.slice(0, 2)],
    [INLINE_PARTS, []],
    ['all', []],
    [[], all],
  ] as const)('%j leave the right files', async (inline, files) => {
    expect(binaries(await withInline(['wasm'], inline)).sort()).toEqual(files);
  });

  it('of a network without weights are its kernels', async () => {
    const settings = { targets: ['wasm'], inline: 'all' } as const;
    const files = await compilePackage(parameterless, 'model.ts', settings);
    expect([...files.keys()].filter((name) => /wasm|weights/i.test(name))).toEqual(
      ['ts', 'js', 'd.ts'].map((ending) => `kernelsWasm.${ending}`),
    );
  });

  it('are refused where a string cannot hold them', () => {
    expect(() => refuseLarge(MOST_INLINE_BYTES)).not.toThrow();
    expect(() => refuseLarge(MOST_INLINE_BYTES + 1)).toThrow(
      'compile: the option inline cannot put the weights into the JavaScript: they have 400 MB, expected at most 400 MB',
    );
  });

  it('are read back as they were', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 7919) >> 3);
    const { text } = inlineWeightsSource('net', bytes) as { text: string };
    const [, base64 = ''] = /weightsBase64: string = '([^']*)';\n$/.exec(text) ?? [];
    expect(new Uint8Array(Buffer.from(base64, 'base64'))).toEqual(bytes);
  });
});

describe('the flag --inline', () => {
  it.each([
    ['--inline model.ts', '--inline=kernels model.ts'],
    ['--inline resnet18', '--inline=kernels resnet18'],
    ['model.ts --inline', 'model.ts --inline=kernels'],
    ['model.ts --inline --exact', 'model.ts --inline=kernels --exact'],
    ['model.ts --inline weights', 'model.ts --inline weights'],
    ['--inline kernels,weights model.ts', '--inline kernels,weights model.ts'],
    ['--inline all model.ts', '--inline all model.ts'],
    ['--inline wieghts model.ts', '--inline wieghts model.ts'],
    ['--inline=weights model.ts', '--inline=weights model.ts'],
  ])('%s', (given, read) => {
    expect(attachValues(given.split(' '), optionalValues())).toEqual(read.split(' '));
  });

  it(
    'makes a package that runs and is measured without files',
    async () => {
      const out = join(newFolder(), 'lenet5');
      const weights = ['--weights', 'models/weights/lenet5.safetensors'];
      const made = await cnnc([
        ...['compile', '--target', 'wasm', '--inline', 'all', 'models/lenet5.ts'],
        ...weights,
        ...['--out', out],
      ]);
      expect([made.code, made.err]).toEqual([0, expect.any(String)]);
      expect([...readFolder(out).keys()].filter((name) => /\.(wasm|safetensors)$/.test(name))).toEqual([]);
      const ran = await cnnc(['run', out, 'models/images/three.png', '--json', '--top', '1']);
      expect(ran.out).toContain('"label": "3"');
      const measured = await cnnc(['bench', out, '--runs', '2', '--json', join(out, 'bench.json')]);
      expect([measured.code, measured.err]).toEqual([0, expect.any(String)]);
    },
    COMPILE_TIMEOUT,
  );

  it('names the parts where one is wrong', async () => {
    const { code, err } = await cnnc(['compile', 'models/lenet5.ts', '--inline', 'wieghts']);
    expect(code).toBe(1);
    expect(err).toContain('--inline: "wieghts" is not all or a list of kernels, weights');
  });
});
