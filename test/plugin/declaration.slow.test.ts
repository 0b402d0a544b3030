/** The declarations that the plugin writes: one file that type-checks by itself, with exact shapes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { packageDeclaration } from '../../compiler/plugin/declaration.ts';
import { createFolders } from '../support/folders.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();

/** What TypeScript says of `app.ts` beside `net.d.onnx.ts`. */
function complaints(declaration: string, app: string): string[] {
  const folder = newFolder();
  writeFileSync(join(folder, 'net.d.onnx.ts'), declaration);
  writeFileSync(join(folder, 'app.ts'), app);
  const program = ts.createProgram([join(folder, 'app.ts')], {
    ...{ strict: true, noEmit: true, allowArbitraryExtensions: true, types: [] },
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

async function declare(...[model, settings]: [typeof classifier, Parameters<typeof compilePackage>[2]]) {
  const folder = newFolder();
  for (const [name, contents] of await compilePackage(model, 'net.ts', settings)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return packageDeclaration(folder, 'net.onnx');
}

const APP = `import { info, labels, load, preprocess, topK } from './net.onnx';
const [one, two]: readonly [1, 3, ...number[]] = info.inputs.image.shape;
const name: 'cat' = labels[0];
const model = await load({ kernels: new Uint8Array(one + two) });
const best: { label: string; probability: number }[] = topK(model.forward({ image: preprocess(new Uint8Array(3), 1, 1) }).logits, 2);
export { best, name };
`;

it(
  'is exact for inference',
  async () => {
    const declaration = await declare(classifier, { targets: ['wasm'] });
    expect(declaration).toMatch(
      /^\/\/ The types of net\.onnx, written by the plugin of cnnc\. Changes are lost\.\n/,
    );
    expect(complaints(declaration, APP)).toEqual([]);
    const wrong = APP.replace('.logits', '.scores').replace('{ image:', '{ picture:');
    expect(complaints(declaration, wrong)).toEqual([
      expect.stringContaining("'picture' does not exist"),
      expect.stringContaining("Property 'scores' does not exist"),
    ]);
  },
  COMPILE_TIMEOUT,
);

it(
  'is exact for several targets and training',
  async () => {
    const training = { optimizer: 'adam' } as const;
    const targets = ['typescript', 'wasm', 'webgpu'] as const;
    const declaration = await declare(trainable, { targets, training });
    const app = `import { load } from './net.onnx';
const image = new Float32Array(432), label = new Int32Array(4);
const model = await load();
const logits: Float32Array = model.forward({ image }).logits;
const onGpu: Promise<{ readonly logits: Float32Array }> = (await load({ target: 'webgpu' })).forward({ image });
const trainer = await load({ target: 'wasm', training: true, learningRate: 0.1 });
const loss: number = trainer.trainStep({ image, label }).loss;
export { logits, loss, onGpu };
`;
    expect(complaints(declaration, app)).toEqual([]);
    expect(complaints(declaration, app.replace("target: 'wasm'", "target: 'wsam'"))).not.toEqual([]);
  },
  COMPILE_TIMEOUT,
);

it('is the same text for the same package', () => {
  const folder = join('generated', 'lenet5-wasm');
  const declaration = packageDeclaration(folder, 'lenet5.onnx');
  expect(declaration).toBe(packageDeclaration(join(process.cwd(), folder), 'lenet5.onnx'));
  expect(declaration).not.toMatch(/from ['"]\./);
  expect(readFileSync(join(folder, 'index.d.ts'), 'utf8')).toContain("from './runtime.js'");
});
