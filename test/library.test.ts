/** `compile` of the library's face: what the command line does, from a program. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, defineModel, type Compilation, type CompileOptions } from 'cnnc';
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

/** As a program of the user's would import it. */
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

  /** Options as a program may hold them that nobody has type-checked. */
  const untyped = (options: unknown) => options as CompileOptions;
  it.each([
    [{ weigths: 'w' }, 'compile: unknown option weigths, did you mean weights?'],
    [{ targets: ['wasam'] }, 'compile: there is no target "wasam", known are typescript, wasm, webgpu, all'],
    [{ targets: [] }, 'compile: no target is named, known are typescript, wasm, webgpu, all'],
    [{ inline: 1 }, 'compile: the option inline is 1, expected true or false'],
    [
      { inline: true, targets: ['typescript'] },
      'compile: the option inline is for kernels of wasm, expected wasm among the targets',
    ],
    [{ targets: 'typescript' }, 'compile: the option targets is "typescript", expected a list of targets'],
    [{ seed: -1 }, 'compile: the option seed is -1, expected a whole number from 0'],
    [{ weights: 7 }, "compile: the option weights is 7, expected a file's path or its bytes"],
    [
      { weights: 'w', seed: 1 },
      'compile: the option seed draws weights and the option weights reads them, only one of the two can be',
    ],
    [{ batch: 0 }, 'the batch is 0, expected a whole number from 1'],
    [{ inputs: { imgae: [1] } }, 'there is no input imgae, did you mean image?'],
  ])('%j', async (options, message) => {
    const out = join(folder, 'refused');
    const error: unknown = await compile(model, untyped({ out, ...options })).catch((thrown) => thrown);
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
      /^compile: it was given an object with name, expected a model of defineModel$/,
    );
    await expect(compile({ default: model } as never)).rejects.toThrow(
      /^compile: it was given an object with default, expected a model of defineModel\n {2}its `default` is one$/,
    );
  });
});
