/** Identifiers from any name of a layer: they are part of emitted code. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifier, uniqueIdentifier } from '../../compiler/program/identifiers.ts';

describe('identifiers', () => {
  it.each([
    ['layer1.0.conv1', 'layer1_0_conv1'],
    ['/features/features.0/Conv', 'features_features_0_Conv'],
    ['0.weight', '_0_weight'],
    ['class', '_class'],
    ['__proto__', 'proto'],
    ['größe', 'gr_e'],
    ['', 'value'],
    ['...', 'value'],
    ['*/ alert(1) //', 'alert_1'],
  ])('of %j is %s', (text, expected) => {
    expect(identifier(text)).toBe(expected);
  });

  it('can be declared in a module, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('if', 'await', 'enum', 'let', 'constructor'),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const name = identifier(text);
        expect(name).toMatch(/^[A-Za-z_]\w*$/);
        expect(() => new Function(`'use strict'; const ${name} = 1; return ${name};`)).not.toThrow();
      }),
    );
  });

  it('are numbered where they are taken', () => {
    const taken = new Set<string>();
    expect(['a.b', 'a_b', 'a-b', ''].map((text) => uniqueIdentifier(text, taken, 'relu'))).toEqual([
      'a_b',
      'a_b_2',
      'a_b_3',
      'relu',
    ]);
  });
});
