import { describe, expect, it } from 'vitest';
import { Diagnostic } from 'cnnc';
import { fail, nearest, table } from '../compiler/diagnostics/diagnostic.ts';

describe('nearest', () => {
  it('counts two swapped letters as one mistake', () => {
    expect(nearest('resnet81.ts', ['resnet.ts', 'resnet101.ts', 'resnet18.ts'])).toBe('resnet18.ts');
    expect(nearest('--taregt', ['--train', '--target'])).toBe('--target');
  });

  it('finds what lacks a letter, has one too many or a wrong one', () => {
    for (const wrong of ['weigts', 'weightss', 'weighds'])
      expect(nearest(wrong, ['width', 'weights'])).toBe('weights');
  });

  it('finds nothing where nothing is near: two mistakes, or a third of a longer name', () => {
    expect(nearest('abcd', ['abyx', 'wxyz'])).toBe('abyx');
    expect(nearest('abcd', ['axyz', 'wxyz'])).toBeUndefined();
    expect(nearest('abcdefghijkl', ['abcdefgh'])).toBe('abcdefgh');
    expect(nearest('abcdefghijkl', ['abcdefg'])).toBeUndefined();
    expect(nearest('anything', [])).toBeUndefined();
  });
});

describe('fail', () => {
  it.each([
    [{}, 'conv2d: found'],
    [{ path: 'layer1.0' }, 'conv2d at layer1.0: found'],
    [{ path: 'layer1.0', file: 'net.ts', line: 31 }, 'conv2d at layer1.0 (net.ts:31): found'],
    [{ file: 'net.ts' }, 'conv2d (net.ts): found'],
    // A place without a file has no line either.
    [{ line: 31 }, 'conv2d: found'],
  ])('says where: %j', (place, headline) => {
    const details = table([
      ['x', 'f32[1]'],
      ['weight', 'f32[2]'],
    ]);
    const error = (): never => fail('CNNC1202', 'conv2d', place, 'found', details);
    expect(error).toThrow(Diagnostic);
    expect(error).toThrow(expect.objectContaining({ code: 'CNNC1202', headline }));
    expect(error).toThrow(`${headline}\n  x      f32[1]\n  weight f32[2]`);
  });
});
