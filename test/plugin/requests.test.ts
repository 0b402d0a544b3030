import { describe, expect, it } from 'vitest';
import { formatId, IDS, parseId, parseSpecifier, SPECIFIERS } from '../../compiler/plugin/requests.ts';

const query = (text: string): URLSearchParams => new URLSearchParams(text);

describe('imports of models', () => {
  it.each([
    ['./net.onnx', './net.onnx', ''],
    ['./Net.ONNX', './Net.ONNX', ''],
    ['@/net.onnx?batch=4', '@/net.onnx', 'batch=4'],
    ['./net.ts?cnnc', './net.ts', 'cnnc='],
    ['./net.js?exact&cnnc&batch=2', './net.js', 'exact=&cnnc=&batch=2'],
  ])('%s is one', (specifier, path, text) => {
    expect(SPECIFIERS.test(specifier)).toBe(true);
    const parsed = parseSpecifier(specifier);
    expect(parsed?.path).toBe(path);
    expect(parsed?.query.toString()).toBe(text);
  });

  it.each(['./net.ts', './net.onnx?url', './net.onnx?raw', './onnx', './net.ts?cnncx', './cnnc', 'cnnc'])(
    '%s is none',
    (specifier) => {
      expect(SPECIFIERS.test(specifier) && parseSpecifier(specifier)).toBeFalsy();
    },
  );

  it('have ids without absolute paths, from which file and options come back', () => {
    const id = formatId('/app', '/app/src/my net~1.ts', query('cnnc&target=wasm&exact'), '/app/src/app.ts');
    expect(id).toBe('\0cnnc:src/my~20net~7E1.ts;exact;target=wasm.js');
    expect(IDS.test(id)).toBe(true);
    const { file, query: options } = parseId('/app', id);
    expect(file).toBe('/app/src/my net~1.ts');
    expect([...options]).toEqual([
      ['exact', ''],
      ['target', 'wasm'],
    ]);
  });

  it('have the same id for the same options in another order', () => {
    const ids = ['batch=2&seed=3', 'seed=3&cnnc&batch=2'].map((text) =>
      formatId('/app', '/app/net.onnx', query(text), undefined),
    );
    expect(ids[0]).toBe('\0cnnc:net.onnx;batch=2;seed=3.js');
    expect(ids[1]).toBe(ids[0]);
  });

  it('name weights from the folder of the module with the import', () => {
    const id = formatId('/app', '/models/net.onnx', query('weights=./a;b=c.pt'), '/app/src/deep/app.ts');
    expect(id).toBe('\0cnnc:../models/net.onnx;weights=src/deep/a~3Bb~3Dc.pt.js');
    expect(parseId('/app', id).query.get('weights')).toBe('src/deep/a;b=c.pt');
    expect(parseId('/app', id).file).toBe('/models/net.onnx');
  });
});
