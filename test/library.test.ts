/** `compile` of the library, which does what the command line does. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, defineModel, type Compilation, type CompileOptions } from 'cnnc';
import { parseSafetensors } from '../runtime/weights.ts';
import { writeSafetensors } from '../compiler/frontend/safetensors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-library-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const model = defineModel({
  name: 'scores',
  inputs: { image: [1, 1, 2, 2] },
  build: (net, { image }) => ({ scores: net.linear('fc', net.flatten(image), { features: 2 }) }),
});

const weights = writeSafetensors([
  { name: 'fc.weight', shape: [2, 4], data: new Float32Array([1, 2, 3, 4, 0, 0, 0, -1]) },
  { name: 'fc.bias', shape: [2], data: new Float32Array([10, 20]) },
]);

/** The library, imported as a user's program imports it. */
async function scoresOf(path: string, image: readonly number[]): Promise<number[]> {
  const { load } = (await import(pathToFileURL(join(path, 'index.js')).href)) as {
    load(): Promise<{ forward(inputs: { image: Float32Array }): { scores: Float32Array } }>;
  };
  return [...(await load()).forward({ image: new Float32Array(image) }).scores];
}

const textOf = (contents: string | Uint8Array | undefined): string | undefined =>
  contents === undefined ? undefined : Buffer.from(contents as Uint8Array).toString('latin1');

describe('compile', () => {
  it('writes a package that computes with the given weights', async () => {
    const out = join(folder, 'scores');
    const compiled = await compile(model, { out, weights, targets: ['typescript'] });
    // The sums are of small whole numbers, so they are exact.
    expect(await scoresOf(out, [1, 1, 0, 2])).toEqual([10 + 1 + 2 + 8, 20 - 2]);
    expect(readdirSync(out).sort()).toEqual([...compiled.files.keys()].sort());
    for (const name of readdirSync(out)) {
      expect(readFileSync(join(out, name), 'latin1'), name).toBe(textOf(compiled.files.get(name)));
    }
    const { name, source, inputs, outputs, parameters, multiplyAdds, weightBytes }: Compilation = compiled;
    expect({ name, source, inputs, outputs, parameters, multiplyAdds, weightBytes }).toEqual({
      name: 'scores',
      source: 'test/library.test.ts',
      inputs: { image: { dtype: 'f32', shape: [1, 1, 2, 2] } },
      outputs: { scores: { dtype: 'f32', shape: [1, 2] } },
      parameters: 10,
      multiplyAdds: 8,
      weightBytes: 40,
    });
  });

  it('only returns the files where no folder is named', async () => {
    const before = readdirSync(folder);
    const { files, inputs } = await compile(model, { batch: 3, source: 'models/scores.ts' });
    expect(readdirSync(folder)).toEqual(before);
    expect(inputs['image']!.shape).toEqual([3, 1, 2, 2]);
    expect(files.get('index.ts')).toContain('compiled by cnnc from models/scores.ts');
  });

  it('takes the weights from a file, and draws them from the seed', async () => {
    const bytesOf = async (options: CompileOptions) =>
      (await compile(model, options)).files.get('weights.safetensors');
    const file = join(folder, 'trained.safetensors');
    writeFileSync(file, weights);
    expect(await bytesOf({ weights: file })).toEqual(await bytesOf({ weights }));
    expect(await bytesOf({ seed: 5 })).toEqual(await bytesOf({ seed: 5 }));
    expect(await bytesOf({ seed: 5 })).not.toEqual(await bytesOf({}));
  });

  it('gives the package another name, preprocessing and labels', async () => {
    const { name, files } = await compile(model, {
      ...{ name: 'scores-2', preprocess: { mean: [0.5] }, labels: ['no', 'yes'] },
    });
    expect(name).toBe('scores-2');
    expect(JSON.parse(textOf(files.get('package.json'))!)).toMatchObject({ name: 'scores-2' });
    const index = textOf(files.get('index.ts'))!;
    expect(index).toContain("export const labels = ['no', 'yes'] as const;");
    expect(index).toMatch(/channels: 'gray', resize: 'shortSide', mean: \[0\.5\]/);
  });

  it('replaces a package of the same source, and by force one of another', async () => {
    const out = join(folder, 'replaced');
    const sourceOf = () =>
      (JSON.parse(readFileSync(join(out, 'package.json'), 'utf8')) as { cnnc: unknown }).cnnc;
    await compile(model, { out, source: 'a.ts' });
    await compile(model, { out, source: 'a.ts', batch: 2 });
    await expect(compile(model, { out, source: 'b.ts' })).rejects.toThrow(
      /^package \(.*\): the folder holds the package of a\.ts, and this one is compiled from b\.ts\n/,
    );
    expect(sourceOf()).toMatchObject({ source: 'a.ts' });
    await compile(model, { out, source: 'b.ts', force: true });
    expect(sourceOf()).toMatchObject({ source: 'b.ts' });
  });

  it('takes weights from a function, and draws what it leaves out', async () => {
    const bias = new Float32Array([7, 8]);
    const asked: unknown[] = [];
    const { files } = await compile(model, {
      seed: 5,
      weights: (parameters) => {
        asked.push(parameters);
        return new Map([['fc.bias', bias]]);
      },
    });
    const drawn = (await compile(model, { seed: 5 })).files.get('weights.safetensors') as Uint8Array;
    const stored = [files.get('weights.safetensors') as Uint8Array, drawn].map(parseSafetensors);
    const [own, others] = stored.map((tensors) => [...tensors.values()].map(({ data }) => [...data]));
    expect(asked).toEqual([
      [
        { name: 'fc.weight', shape: [2, 4] },
        { name: 'fc.bias', shape: [2] },
      ],
    ]);
    expect(own!.filter((numbers) => numbers.join() === '7,8')).toHaveLength(1);
    const weight = (lists: number[][]) => lists.find(({ length }) => length === 8);
    expect(weight(own!)).toEqual(weight(others!));
  });

  it('says what it spent its time on, and leaves disabled passes out', async () => {
    const stages: string[] = [];
    const { timings, nodes } = await compile(model, {
      disabledPasses: ['fuse', 'simplify'],
      onStage: ({ name }) => void stages.push(name),
    });
    expect(nodes.after).toBeGreaterThan(0);
    const groups = new Set(timings.map(({ group }) => group));
    expect([...groups]).toEqual(expect.arrayContaining(['frontend', 'graph passes', 'lowering', 'package']));
    const passes = timings.filter(({ group }) => group === 'graph passes').map(({ name }) => name);
    expect(passes).toContain('foldConstants');
    for (const name of ['fuse', 'simplify']) {
      expect(passes).not.toContain(name);
      expect(stages.filter((stage) => stage.endsWith(name))).toEqual([]);
    }
  });

  /** Options of a program without types. */
  const untyped = (options: unknown) => options as CompileOptions;
  it.each([
    [{ weigths: 'w' }, 'compile: unknown option weigths, did you mean weights?'],
    [
      { targets: ['wasam'] },
      'compile: there is no target "wasam"; expected one of typescript, wasm, webgpu, all',
    ],
    [{ targets: [] }, 'compile: no target is named; expected one of typescript, wasm, webgpu, all'],
    [
      { inline: 1 },
      'compile: the option inline is 1, expected true, false, all or a list of kernels, weights',
    ],
    [
      { inline: ['weigths'] },
      'compile: the option inline is ["weigths"], expected true, false, all or a list of kernels, weights',
    ],
    [
      { inline: ['kernels', 'weights'] },
      'compile: the option inline only applies to wasm; add wasm to the targets',
    ],
    [
      { inline: true, targets: ['typescript'] },
      'compile: the option inline only applies to wasm; add wasm to the targets',
    ],
    [{ targets: 'typescript' }, 'compile: the option targets is "typescript", expected a list of targets'],
    [
      { disabledPasses: ['fuse', 'fold'] },
      'compile: there is no pass "fold"\n  passes that can be disabled: removeDeadNodes, ',
    ],
    [{ disabledPasses: ['recompute'] }, 'compile: the pass recompute cannot be disabled'],
    [{ disabledPasses: 'fuse' }, 'compile: the option disabledPasses is "fuse", expected a list of passes'],
    [{ training: true }, 'compile: the option training is true, expected an object'],
    [{ training: { clips: true } }, 'compile: unknown option clips, did you mean clip?'],
    [{ training: { optimizer: 'sdg' } }, 'compile: the option optimizer is "sdg", expected adam, '],
    [{ training: { maxMemory: 0 } }, 'compile: the option maxMemory is 0, expected bytes'],
    [
      { training: { microBatches: 1.5 } },
      'compile: the option microBatches is 1.5, expected a whole number from 1',
    ],
    [{ name: 'My Net' }, 'compile: the option name is "My Net", expected lower-case letters, digits,'],
    [{ force: 1 }, 'compile: the option force is 1, expected true or false'],
    [{ labels: ['a'] }, 'labels: 1 name, scores has 2 classes'],
    [
      { labels: [1] },
      'compile: the option labels is [1], expected a file with one name a line, "imagenet", or',
    ],
    [
      { preprocess: 'unti' },
      'compile: the option preprocess: "unti" is not one of unit, signed, imagenet, bytes',
    ],
    [
      { preprocess: 3 },
      'compile: the option preprocess is 3, expected a name, such as "imagenet", or settings',
    ],
    [{ preprocess: { men: [1] } }, 'preprocess: unknown option men, did you mean mean?'],
    [{ seed: -1 }, 'compile: the option seed is -1, expected a whole number from 0'],
    [{ weights: 7 }, "compile: the option weights is 7, expected a file's path or its bytes"],
    [
      { weights: 'w', seed: 1 },
      'compile: the options seed and weights exclude each other: the first draws the weights, the second reads them',
    ],
    [{ batch: 0 }, 'the batch is 0, expected a whole number from 1'],
    [{ inputs: { imgae: [1] } }, 'there is no input imgae, did you mean image?'],
  ])('%j', async (options, message) => {
    const out = join(folder, 'refused');
    const error: unknown = await compile(model, untyped({ out, ...options })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'Diagnostic', message: expect.stringContaining(message) as string });
    expect(existsSync(out)).toBe(false);
  });

  it('refuses bytes that are no weights', async () => {
    await expect(compile(model, { weights: new Uint8Array(3) })).rejects.toThrow(
      'safetensors (weights): the file has 3 bytes',
    );
  });

  it('refuses what is no model', async () => {
    await expect(compile({ name: 'scores' } as never)).rejects.toThrow(
      /^compile: the model is an object with name, expected a result of defineModel$/,
    );
    await expect(compile({ default: model } as never)).rejects.toThrow(
      /^compile: the model is an object with default, expected a result of defineModel\n {2}this is a module; pass its `default`$/,
    );
  });
});
