import { describe, expect, it } from 'vitest';
import {
  compileOptions,
  optionsOf,
  readPluginOptions,
  type ModelOptions,
  type PluginOptions,
} from '../../compiler/plugin/options.ts';

const read = (query: string, options: PluginOptions = {}): ModelOptions =>
  optionsOf(readPluginOptions(options), '/app', '/app/src/net.onnx', new URLSearchParams(query));

describe('options of a model', () => {
  it('come from the query', () => {
    const query =
      'target=wasm,webgpu&inline&exact=false&batch=4&input.image=4x3x96x96&input.mask=1&train=head&optimizer=adamw';
    expect(read(query)).toEqual({
      target: ['wasm', 'webgpu'],
      inline: ['kernels'],
      exact: false,
      batch: 4,
      inputs: { image: [4, 3, 96, 96], mask: [1] },
      train: 'head',
      optimizer: 'adamw',
    });
  });

  it('come from the query before the file, and from the file before the defaults', () => {
    const options: PluginOptions = {
      ...{ target: 'webgpu', batch: 1, exact: true },
      models: { './src/net.onnx': { batch: 2, inline: true }, 'src/other.onnx': { seed: 9 } },
    };
    expect(read('batch=3', options)).toEqual({
      target: ['webgpu'],
      batch: 3,
      exact: true,
      inline: ['kernels'],
    });
    expect(read('inline=all', options)).toEqual({ target: ['webgpu'], batch: 2, exact: true, inline: 'all' });
  });

  it('have a seed or weights, whichever is nearer to the import', () => {
    expect(read('weights=w.pt', { seed: 3 })).toEqual({ weights: 'w.pt' });
    expect(read('seed=4', { models: { 'src/net.onnx': { weights: 'w.pt' } } })).toEqual({ seed: 4 });
    expect(read('batch=1', { seed: 3, models: { 'src/net.onnx': { weights: 'w.pt' } } })).toEqual({
      batch: 1,
      weights: 'w.pt',
    });
  });

  it.each([
    ['batch=x', 'the option batch is "x", expected a whole number from 1'],
    ['batch=0', 'the option batch is 0, expected a whole number from 1'],
    ['inline=maybe', 'the option inline is "maybe", expected true, false, all or a list'],
    ['weights=', 'the option weights is "", expected a string'],
    ['bacth=3', 'unknown option bacth, did you mean batch?'],
    ['optimizer=adan&train', 'the option optimizer is "adan", expected "adam" or "adamw"'],
  ])('%s is refused', (query, found) => {
    expect(() => read(query)).toThrow(`cnnc plugin (src/net.onnx): ${found}`);
  });

  it('are refused where they are the wrong ones in the configuration', () => {
    expect(() => read('', { bacth: 3 } as PluginOptions)).toThrow(
      'cnnc plugin: unknown option bacth, did you mean batch?',
    );
    expect(() => read('', { target: 'wsam' as 'wasm' })).toThrow('cnnc plugin: there is no target "wsam"');
    expect(() => read('', { models: { 'src/net.onnx': { batch: 1.5 } } })).toThrow(
      'cnnc plugin (src/net.onnx): the option batch is 1.5, expected a whole number from 1',
    );
  });
});

describe('options of the compile', () => {
  it('compile for WebAssembly where no target is named', () => {
    expect(compileOptions({}).targets).toEqual(['wasm']);
    expect(compileOptions({ target: 'webgpu' }).targets).toEqual(['webgpu']);
    expect(compileOptions({ target: ['webgpu', 'wasm', 'wasm'] }).targets).toEqual(['wasm', 'webgpu']);
  });

  it('train what is asked for', () => {
    expect(compileOptions({ train: true, clip: true }).training).toMatchObject({ train: 'all', clip: true });
    expect(compileOptions({ train: 'head', optimizer: 'adam' }).training).toMatchObject({
      train: 'head',
      optimizer: 'adam',
    });
    expect(compileOptions({ train: false }).training).toBeUndefined();
    expect(() => compileOptions({ optimizer: 'adam' })).toThrow(
      'cnnc plugin: the option optimizer is for a package that trains: add the option train',
    );
  });
});
