/** ONNX's own single-operator tests on every target in `RUNNERS`; conformance.slow.test.ts has wasm's other ways. */
import { describe, expect, it } from 'vitest';
import { hasTestdata } from '../support/testdata.ts';
import { describeConformance, index, LEFT_OUT } from './conformance.ts';
import { RUNNERS } from './support.ts';

describeConformance(RUNNERS);

describe('the list of what is left out', () => {
  it('names cases that exist, and not too many', () => {
    const names = Object.keys(LEFT_OUT);
    if (hasTestdata) expect(names.filter((name) => !index[name])).toEqual([]);
    expect(names.filter((name) => index[name]?.tier === 'core')).toEqual([]);
    expect(names.length).toBeLessThanOrEqual(23);
  });
});
