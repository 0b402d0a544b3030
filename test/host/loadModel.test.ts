import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Diagnostic } from 'cnnc';
import { loadModel } from '../../compiler/host/loadModel.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-models-'));
  mkdirSync(join(folder, 'nested'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, source: string): string => {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
};

/** What loading the file is diagnosed with; the folder reads `DIR`. */
async function diagnosisOf(file: string): Promise<string> {
  const error: unknown = await loadModel(file).catch((thrown: unknown) => thrown);
  if (!(error instanceof Diagnostic)) throw error;
  return error.message.replaceAll(folder, 'DIR');
}

const EXPECTED = '  expected: export default defineModel({ name, inputs, build })';

describe('loadModel', () => {
  it('loads a model by its path from here', async () => {
    const model = await loadModel('models/lenet5.ts');
    expect(model.name).toBe('lenet5');
    expect(model.inputs).toEqual({ image: { dtype: 'f32', shape: [1, 1, 32, 32] } });
    expect(model.place).toEqual({ file: 'models/lenet5.ts', line: expect.any(Number) as number });
  });

  it('a file that is not there, with the nearest one', async () => {
    write('resnet18.ts', 'export default 1;');
    expect(await diagnosisOf(join(folder, 'resnet81.ts'))).toBe(
      'model file (DIR/resnet81.ts): the file does not exist\n  did you mean DIR/resnet18.ts?',
    );
    expect(await diagnosisOf(join(folder, 'resnet18'))).toBe(
      'model file (DIR/resnet18): the file does not exist\n  did you mean DIR/resnet18.ts?',
    );
    expect(await diagnosisOf(join(folder, 'nowhere/at/all.ts'))).toBe(
      'model file (DIR/nowhere/at/all.ts): the file does not exist',
    );
    expect(await diagnosisOf(join(folder, 'nested'))).toBe(
      'model file (DIR/nested): this is a folder; expected a file such as model.ts',
    );
  });

  it('a file that has moved to variants/, by its name', async () => {
    for (const wanted of ['models/resnet34.ts', 'models/resnet34']) {
      expect(await diagnosisOf(wanted)).toBe(
        `model file (${wanted}): the file does not exist\n  did you mean models/variants/resnet34.ts?`,
      );
    }
  });

  it.each([
    ['number.ts', 'export default 3;', 'the default export is 3, not a model'],
    [
      'object.ts',
      'export default { name: "x", build() {} };',
      'the default export is an object with name, build, not a model',
    ],
    [
      'function.ts',
      'export default function build() {}',
      'the default export is the function build, not a model',
    ],
    ['nothing.ts', 'export const x = 1;', 'the file has no default export'],
  ])('%s', async (name, source, found) => {
    expect(await diagnosisOf(write(name, source))).toBe(`model file (DIR/${name}): ${found}\n${EXPECTED}`);
  });

  it('a model under another name', async () => {
    const source = `import { defineModel } from '${process.cwd()}/compiler/index.ts';
      export const net = defineModel({ name: 'n', inputs: { x: [1] }, build: (_, { x }) => ({ x }) });`;
    expect(await diagnosisOf(write('named.ts', source))).toBe(
      `model file (DIR/named.ts): the file has no default export\n  it exports a model under the name net\n${EXPECTED}`,
    );
  });

  it('a file that throws: its message and its line', async () => {
    const source =
      'const depth: number = 3;\n\nfunction check(): void {\n  throw new RangeError(`depth ${depth}`);\n}\ncheck();\n';
    expect(await diagnosisOf(write('throws.ts', source))).toBe(
      'model file (DIR/throws.ts:4): running the file failed\n  RangeError: depth 3',
    );
    expect(await diagnosisOf(write('text.ts', 'throw "no";'))).toBe(
      'model file (DIR/text.ts): running the file failed\n  it threw "no"',
    );
  });

  it('a file that imports one that throws', async () => {
    write('depth.ts', "throw new RangeError('too deep');");
    expect(await diagnosisOf(write('imports.ts', "import './depth.ts';\nexport default 1;"))).toMatch(
      /^model file \(DIR\/imports.ts\): running the file failed\n {2}RangeError: too deep\n {2}in .*\/depth.ts:1$/,
    );
  });

  it('lets a diagnosis of defineModel through', async () => {
    const source = `import { defineModel } from '${process.cwd()}/compiler/index.ts';\nexport default defineModel({ name: 'n' } as never);`;
    expect(await diagnosisOf(write('diagnosed.ts', source))).toMatch(
      /^model at n \(.*diagnosed\.ts:2\): inputs is undefined, expected shapes by name/,
    );
  });
});
