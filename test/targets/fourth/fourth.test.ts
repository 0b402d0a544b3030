/**
 * A target that is registered by its record alone: LeNet-5 is compiled and trained with it, by itself and beside other
 * targets.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildGraph, compile } from '../../../compiler/index.ts';
import { parametersOf } from '../../../compiler/driver/weights.ts';
import type { CompileOptions } from '../../../compiler/driver/options.ts';
import type { PackageFiles } from '../../../compiler/emit/model.ts';
import type { TargetRecord } from '../../../compiler/emit/target.ts';
import { writePackage } from '../../../compiler/host/writePackage.ts';
import { interpretKernel } from '../../../compiler/kernel/interpreter.ts';
import { evaluateGraph } from '../../../compiler/ops/evaluate.ts';
import { webgpu } from '../../../compiler/targets/webgpu/record.ts';
import lenet5 from '../../../models/lenet5.ts';
import { compiledModel } from '../../support/compiled.ts';
import { createFolders } from '../../support/folders.ts';
import { randomKernelBuffers, randomKernels } from '../../support/randomKernels.ts';
import { classifier } from '../../support/packageModels.ts';
import { COMPILE_TIMEOUT, TOLERANCES, type Tensors } from '../../support/packages.ts';
import { randomInput, randomWeights } from '../../support/weights.ts';
import { interpreted, type Numbers } from './interpreter.ts';
import { dataOf } from './kernelsModule.ts';
import { ctext } from './record.ts';

const source = 'models/lenet5.ts';
const newFolder = createFolders();

interface Loaded {
  readonly info: { readonly target: string };
  forward(inputs: Tensors): Tensors;
}

interface Trainer extends Loaded {
  trainStep(inputs: Tensors): { readonly loss: number };
}

interface Package {
  load(options?: { readonly target?: string }): Promise<Loaded>;
  load(options: {
    readonly training: true;
    readonly target: string;
    readonly learningRate: number;
  }): Promise<Trainer>;
}

async function packageOf(files: PackageFiles): Promise<Package> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, files);
  return (await import(pathToFileURL(join(folder, 'index.js')).href)) as Package;
}

const filesOf = async (options: CompileOptions): Promise<PackageFiles> =>
  (await compile(lenet5, { source, weights: randomWeights, ...options })).files;

const textOf = (files: PackageFiles, name: string): string => files.get(name) as string;

describe('a package for this target alone', () => {
  let files: PackageFiles;
  beforeAll(async () => {
    files = await filesOf({ targets: [ctext] });
  }, COMPILE_TIMEOUT);

  it('computes what the graph does', async () => {
    const model = await (await packageOf(files)).load();
    const image = randomInput('image', lenet5.inputs['image']!);
    const { logits } = model.forward({ image });
    const graph = buildGraph(lenet5, { training: false });
    const weights = Object.fromEntries(randomWeights(parametersOf(graph)));
    const expected = Array.from(evaluateGraph(graph, { ...weights, image }).outputs['logits']!);
    const largest = Math.max(...expected.map(Math.abs));
    expect(model.info.target).toBe('ctext');
    expect(logits).toHaveLength(10);
    expected.forEach((value, i) =>
      expect(Math.abs(logits![i]! - value)).toBeLessThan(largest * TOLERANCES.typescript),
    );
  });

  it('has the kernels as text and as data, and the interpreter', () => {
    const { program } = compiledModel(lenet5, { source, targets: [ctext], weights: randomWeights });
    const kernels = program.phases.flatMap(({ calls }) => calls.map(({ kernel }) => kernel));
    expect(kernels.length).toBeGreaterThan(4);
    for (const kernel of kernels) {
      expect(textOf(files, 'kernels.txt')).toContain(ctext.printKernel(kernel));
      expect(textOf(files, 'kernels.d.ts')).toContain(`export declare const ${kernel.name}: Kernel;`);
    }
    expect(textOf(files, 'kernels.txt')).toMatch(
      /^kernel conv2d_\w+\(.*\) \{\n( {2}for oc in 0..\d+ \{|.*\n)/m,
    );
    expect(textOf(files, 'interpreter.js')).toContain('export function interpreted(buffers, body) {');
  });

  it('says what it is', () => {
    const readme = textOf(files, 'README.md');
    expect(readme).toContain('for browsers, by an interpreter of its kernels.');
    expect(readme).toContain('| `interpreter.ts` | runs them |');
    expect(JSON.parse(textOf(files, 'package.json'))).toMatchObject({
      exports: { './kernels.txt': './kernels.txt' },
    });
    expect(JSON.parse(textOf(files, 'layers.json'))).toMatchObject({ target: 'ctext' });
  });

  it('can be compiled without a pass of its own', async () => {
    const disabledPasses = ['openBlocks'];
    const without = await filesOf({ targets: [ctext], disabledPasses });
    expect(textOf(without, 'forward.ts')).toBe(textOf(files, 'forward.ts'));
    await expect(filesOf({ targets: ['typescript'], disabledPasses })).rejects.toThrow(
      'there is no pass "openBlocks"',
    );
  });
});

describe('a package for several targets', () => {
  it('trains with this one as with plain TypeScript', async () => {
    const targets = [ctext, 'typescript'] as const;
    const files = await filesOf({ targets, batch: 2, training: { optimizer: 'adam' } });
    const { load } = await packageOf(files);
    const image = randomInput('image', { dtype: 'f32', shape: [2, 1, 32, 32] });
    const label = Int32Array.of(3, 7);
    const losses = async (target: string): Promise<number[]> => {
      const trainer = await load({ target, training: true, learningRate: 0.001 });
      return [1, 2, 3].map(() => trainer.trainStep({ image, label }).loss);
    };
    const [own, expected] = [await losses('ctext'), await losses('typescript')];
    expect(own[2]).toBeLessThan(own[0]!);
    // Both sum in doubles, in another order; three steps pass on what f32 rounds.
    own.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-4 * expected[i]!));
  });

  it('chooses it where it is named', async () => {
    const files = await filesOf({ targets: ['wasm', ctext, 'typescript'] });
    const { load } = await packageOf(files);
    const targets = await Promise.all(
      [undefined, 'ctext'].map(async (target) => (await load({ target })).info.target),
    );
    expect(targets).toEqual(['wasm', 'ctext']);
    expect(textOf(files, 'README.md')).toContain(
      'for browsers. It runs in WebAssembly with SIMD if the host supports it, otherwise in plain JavaScript, ' +
        'and by an interpreter of its kernels only if you choose that target.',
    );
    expect(textOf(files, 'README.md')).toContain('by default the fastest target that works, never `ctext`;');
    expect(textOf(files, 'index.ts')).toContain("export type AutomaticTarget = 'wasm' | 'typescript';");
    expect(textOf(files, 'index.ts')).not.toContain('promise');
  });

  it('chooses it where it is the only one that works everywhere', async () => {
    const files = await filesOf({ targets: ['wasm', ctext] });
    expect(textOf(files, 'index.ts')).toContain("if (runsWasm(options)) return 'wasm';\n  return 'ctext';");
  });

  it('may have promises as its calls only', async () => {
    const other: TargetRecord = { ...webgpu, name: 'other', choice: { ...webgpu.choice, place: 5 } };
    const { files } = await compile(classifier, { source: 'model.ts', targets: [other, 'webgpu'] });
    const index = textOf(files, 'index.ts');
    expect(index).toContain('const { logits } = await model.forward({ image });');
    expect(index).toContain("export type AutomaticTarget = 'webgpu';");
    expect(textOf(files, 'README.md')).toContain('await model.forward');
    const { fastestTarget } = (await packageOf(files)) as unknown as { fastestTarget(): string };
    expect(fastestTarget()).toBe('webgpu');
  });
});

it('interprets as the compiler does', () => {
  const run = fc.property(randomKernels, (kernel) => {
    const make = () =>
      randomKernelBuffers.map(({ name, length }) => randomInput(name, { dtype: 'f32', shape: [length] }));
    const [expected, own] = [make(), make()];
    interpretKernel(kernel, expected);
    interpreted(
      kernel.buffers.map(({ name }) => name),
      dataOf(kernel.body),
    )(...(own as Numbers[]));
    expect(own).toEqual(expected);
  });
  fc.assert(run, { numRuns: 50 });
});
