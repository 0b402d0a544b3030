/** A package for several targets: the fastest that works is taken, or the one that is named; all compute the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { TARGETS, targetNames } from '../../compiler/targets/index.ts';
import { immediateTargetNames } from '../support/targets.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { cnnc } from '../cli/support.ts';
import { createFolders, readFolder, runNode } from '../support/folders.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();

/** Targets in the order in which `load()` tries them. */
const inOrder = [...TARGETS].sort((a, b) => a.choice.place - b.choice.place).map(({ name }) => name);

function run(folder: string, program: string): unknown {
  writeFileSync(join(folder, 'main.mjs'), program);
  return JSON.parse(runNode(folder, 'main.mjs'));
}

const USE = `
  import { info, load, preprocess, topK } from './package/index.js';
  const image = preprocess(Uint8Array.from({ length: 360 }, (_, i) => i % 251), 10, 12);
  const answers = [];
  for (const target of [undefined, 'wasm', 'typescript']) {
    const model = await load(target && { target });
    const { logits } = model.forward({ image });
    answers.push([model.info.target, [...logits], topK(logits, 1)[0].label]);
  }
  console.log(JSON.stringify(answers));
`;

describe('inference', () => {
  let folder: string;
  beforeAll(async () => {
    folder = newFolder();
    const settings = { targets: targetNames };
    writePackage(join(folder, 'package'), await compilePackage(classifier, 'model.ts', settings));
  }, COMPILE_TIMEOUT);

  it('on every target gives the same answer', () => {
    const answers = run(folder, USE) as [string, number[], string][];
    expect(answers.map(([target]) => target)).toEqual(['wasm', 'wasm', 'typescript']);
    const [[, wasm, label], , [, typescript]] = answers as [
      (typeof answers)[0],
      unknown,
      (typeof answers)[0],
    ];
    wasm.forEach((value, i) => expect(value).toBeCloseTo(typescript[i]!, 4));
    expect(answers.map(([, , name]) => name)).toEqual([label, label, label]);
  });

  it('falls to the target that works on a host without SIMD', () => {
    const program = `
      WebAssembly.validate = () => false;
      const { load } = await import('./package/index.js');
      console.log(JSON.stringify((await load()).info.target));
    `;
    expect(run(folder, program)).toBe('typescript');
  });

  it('refuses a target that it does not have', () => {
    const program = `
      import { load } from './package/index.js';
      await load({ target: 'webgl' }).catch((error) => console.log(JSON.stringify(error.message)));
    `;
    expect(run(folder, program)).toBe(
      `pets.load: there is no target "webgl"; this package has ${inOrder.join(', ')}`,
    );
  });

  it('loads nothing of a target that is not used', () => {
    const program = `
      import { rmSync } from 'node:fs';
      rmSync('unused/typescript', { recursive: true });
      const { load } = await import('./unused/index.js');
      console.log(JSON.stringify((await load({ target: 'wasm' })).info.target));
    `;
    writePackage(join(folder, 'unused'), readFolder(join(folder, 'package')));
    expect(run(folder, program)).toBe('wasm');
  });

  it('has a whole module of each target in its folder', () => {
    const names = [...readFolder(join(folder, 'package')).keys()];
    for (const target of targetNames)
      expect(names).toEqual(
        expect.arrayContaining(
          ['index.js', 'forward.js', 'weights.safetensors'].map((name) => `${target}/${name}`),
        ),
      );
    const program = `
      import { info } from './package/wasm/index.js';
      console.log(JSON.stringify(info.target));
    `;
    expect(run(folder, program)).toBe('wasm');
  });
});

it(
  'trainers of all targets take the same steps, and go on from each other',
  async () => {
    const folder = newFolder();
    const settings = { targets: immediateTargetNames, training: { optimizer: 'adam' } } as const;
    writePackage(join(folder, 'package'), await compilePackage(trainable, 'model.ts', settings));
    const program = `
      import { info, load } from './package/index.js';
      const image = Float32Array.from({ length: 432 }, (_, i) => Math.sin(i * i));
      const label = Int32Array.of(0, 1, 2, 1);
      const losses = {};
      let weights;
      for (const target of info.targets) {
        const trainer = await load({ training: true, target, learningRate: 0.01, ...(weights && { weights }) });
        losses[target] = [];
        for (let i = 0; i < 3; i++) losses[target].push(trainer.trainStep({ image, label }).loss);
        trainer.loadState(trainer.saveState());
      }
      const one = await load({ training: true, target: 'wasm', learningRate: 0.01 });
      const other = await load({ training: true, target: 'typescript', learningRate: 0.01 });
      one.trainStep({ image, label });
      other.loadState(one.saveState());
      losses.handedOver = [0, other.trainStep({ image, label }).loss, other.trainStep({ image, label }).loss];
      console.log(JSON.stringify(losses));
    `;
    const losses = run(folder, program) as Record<string, number[]>;
    const { typescript, ...others } = losses;
    const immediate = inOrder.filter((name) => immediateTargetNames.some((one) => one === name));
    expect(Object.keys(losses)).toEqual([...immediate, 'handedOver']);
    expect(immediate.length).toBeGreaterThan(1);
    expect(typescript![2]).toBeLessThan(typescript![0]!);
    for (const [name, numbers] of Object.entries(others))
      numbers.slice(name === 'handedOver' ? 1 : 0).forEach((loss, i) => {
        expect(loss, name).toBeCloseTo(typescript![name === 'handedOver' ? i + 1 : i]!, 4);
      });
  },
  COMPILE_TIMEOUT,
);

it(
  'micro-batches and halves of a step are the same on all targets',
  async () => {
    const folder = newFolder();
    const settings = {
      targets: immediateTargetNames,
      training: { optimizer: 'sgd', microBatches: 2 },
    } as const;
    writePackage(join(folder, 'package'), await compilePackage(trainable, 'model.ts', settings));
    const program = `
      import { info, load } from './package/index.js';
      const image = Float32Array.from({ length: 432 }, (_, i) => Math.sin(i * i));
      const label = Int32Array.of(0, 1, 2, 1);
      const numbers = [];
      for (const target of info.targets) {
        const trainer = await load({ training: true, target, learningRate: 0.01, momentum: 0.5 });
        const own = [trainer.trainStep({ image, label }).loss];
        const { logits } = trainer.forward({ image: image.subarray(216) });
        own.push(...logits);
        const { inputs, parameters } = trainer.backward({ logits: logits.map((value) => value / 7) });
        own.push(...inputs.image, ...Object.values(parameters).flatMap((array) => [...array]));
        trainer.applyGradients(parameters);
        own.push(trainer.trainStep({ image, label }).loss, ...trainer.predict({ image }).logits);
        numbers.push(own);
      }
      console.log(JSON.stringify(numbers));
    `;
    const [wasm, typescript] = run(folder, program) as [number[], number[]];
    expect(wasm.length).toBe(typescript.length);
    expect(wasm.length).toBeGreaterThan(300);
    wasm.forEach((value, i) => expect(value).toBeCloseTo(typescript[i]!, 4));
  },
  COMPILE_TIMEOUT,
);

it(
  'the command line compiles and runs one',
  async () => {
    const out = join(newFolder(), 'lenet5');
    const weights = 'models/weights/lenet5.safetensors';
    const made = await cnnc([
      'compile',
      'models/lenet5.ts',
      '--weights',
      weights,
      '--target',
      'all',
      '--inline',
      '--out',
      out,
    ]);
    expect([made.code, made.err]).toEqual([0, expect.any(String)]);
    expect([...readFolder(out).keys()].filter((name) => name.endsWith('.wasm'))).toEqual([]);
    // The package, and the folder of one target.
    for (const folder of [out, join(out, 'wasm'), `${join(out, 'typescript')}/`]) {
      const ran = await cnnc(['run', folder, 'models/images/three.png', '--json', '--top', '1']);
      expect(ran.out, folder).toContain('"label": "3"');
    }
    const measured = await cnnc(['bench', join(out, 'wasm'), '--runs', '2']);
    expect([measured.code, measured.out]).toEqual([0, expect.stringMatching(/^lenet5, wasm with/)]);
    const other = await cnnc(['bench', join(out, 'wasm'), '--target', 'typescript']);
    expect(other.err).toContain('the package has no target "typescript"; it has wasm');
  },
  COMPILE_TIMEOUT,
);
