/** The entry for browsers: the same packages without files, from a host that brings what a page can. */
import { describe, expect, it } from 'vitest';
import { compile, createHost, exportOnnx, importModel } from '../../compiler/browser.ts';
import { runtimeTexts } from '../../compiler/host/runtimeText.ts';
import { compile as compileInNode, defineModel } from '../../compiler/index.ts';
import { writeSafetensors } from '../../compiler/frontend/safetensors.ts';

const model = defineModel({
  name: 'scores',
  inputs: { image: [1, 1, 4, 4] },
  build: (net, { image }) => ({ scores: net.linear('fc', net.flatten(image), { features: 2 }) }),
});

const weights = writeSafetensors([
  { name: 'fc.weight', shape: [2, 16], data: Float32Array.from({ length: 32 }, (_, i) => i / 7) },
  { name: 'fc.bias', shape: [2], data: new Float32Array([10, 20]) },
]);

const host = createHost(runtimeTexts());

describe('in a browser', () => {
  it('a package has the same bytes as in Node', async () => {
    const options = { weights, targets: ['all' as never], batch: 2 };
    const { files } = await compile(model, options, host);
    const expected = await compileInNode(model, options);
    expect([...files.keys()]).toEqual([...expected.files.keys()]);
    for (const [name, contents] of files) expect(contents, name).toEqual(expected.files.get(name));
  });

  it('a host without a text of the runtime says which one it lacks', async () => {
    const { wasm, ...others } = Object.fromEntries(
      Object.entries(runtimeTexts()).map(([part, text]) => [part === 'wasm/module' ? 'wasm' : part, text]),
    );
    expect(wasm).toContain('export');
    const compiling = compile(model, { weights, targets: ['wasm'] }, createHost(others));
    await expect(compiling).rejects.toThrow(
      'compile: the host was created without the text of runtime/wasm/module.ts',
    );
  });

  it('a model goes out as ONNX and comes in again', async () => {
    const bytes = await exportOnnx(model, { weights });
    const imported = await importModel({ bytes, file: 'scores' });
    expect(imported.model.inputs).toEqual(model.inputs);
    expect((await compile(imported.model, { weights: imported.weights }, host)).parameters).toBe(34);
    await expect(importModel({ bytes, file: 'scores' }, { format: 'onxn' })).rejects.toThrow(
      'import: there is no format "onxn"; expected one of onnx',
    );
  });

  it('what is a path is refused', async () => {
    const refused = (options: object) => expect(compile(model, options, host)).rejects;
    await refused({ weights: 'a.pt' }).toThrow(
      'compile: the option weights is a path, but this host has no files',
    );
    await refused({ out: 'a' }).toThrow('compile: the option out is a path, but this host has no files');
    await refused({ tune: 'a', targets: ['wasm'] }).toThrow(
      'compile: the option tune is a path, but this host has no files',
    );
    await expect(exportOnnx(model, { weights: 'a.pt' })).rejects.toThrow('exportOnnx: the option weights is');
  });
});
