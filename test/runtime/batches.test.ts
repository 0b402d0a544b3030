/** How images are divided among the programs of a package for several batches. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchProgram, forwardInBatches, groupsOf } from '../../runtime/batches.ts';

const sizesOf = (images: number, sizes: readonly number[]): number[] =>
  groupsOf(images, sizes).map((i) => sizes[i]!);

describe('groups of images', () => {
  it.each([
    [50, [32, 8, 1], [32, 8, 8, 1, 1]],
    [1, [32, 8, 1], [1]],
    [64, [32, 8, 1], [32, 32]],
    [7, [8], [8]],
    [20, [16, 3], [16, 3, 3]],
  ])('of %i images for batches %j are %j', (images, sizes, groups) => {
    expect(sizesOf(images, sizes)).toEqual(groups);
  });

  it('have place for all images, and at most one group is not full', () => {
    const batches = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), batches, (images, some) => {
        const sizes = some.sort((a, b) => b - a);
        const groups = sizesOf(images, sizes);
        const places = groups.reduce((sum, size) => sum + size, 0);
        expect(places).toBeGreaterThanOrEqual(images);
        expect(places - images).toBeLessThan(sizes.at(-1)!);
      }),
    );
  });
});

/** Programs that negate two numbers an image, and note what they got. */
function negating(batches: readonly number[]) {
  const calls: number[][] = [];
  const programs = batches.map((images) =>
    batchProgram({
      images,
      create: () => ({ x: new Float32Array(images * 2), y: new Float32Array(images * 2) }),
      inputs: (memory) => [memory.x],
      outputs: (memory) => [memory.y],
      run(memory) {
        calls.push([...memory.x]);
        memory.y.set(memory.x.map((value) => -value));
      },
    }),
  );
  const types = (name: string) => [{ name, shape: [1, 2] }];
  const forward = forwardInBatches<{ x: Float32Array }, { y: Float32Array }>(
    'net.forward',
    types('x'),
    types('y'),
    programs,
  );
  return { calls, forward };
}

const upTo = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i + 1);

describe('forward', () => {
  it('puts the results of the groups one after the other', () => {
    const { calls, forward } = negating([2, 1]);
    expect([...forward({ x: upTo(10) }).y]).toEqual([...upTo(10)].map((value) => -value));
    expect(calls.map((one) => one.length / 2)).toEqual([2, 2, 1]);
  });

  it('fills a group with zeros, also after a full one', () => {
    const { calls, forward } = negating([3]);
    expect([...forward({ x: upTo(8) }).y]).toEqual([...upTo(8)].map((value) => -value));
    expect(calls[1]).toEqual([7, 8, 0, 0, 0, 0]);
  });

  it('writes into the arrays of the caller', () => {
    const out = { y: new Float32Array(4) };
    expect(negating([1]).forward({ x: upTo(4) }, out)).toBe(out);
    expect([...out.y]).toEqual([-1, -2, -3, -4]);
  });

  it('creates the memory again when it has grown', () => {
    let buffer = new ArrayBuffer(8);
    const program = batchProgram({
      images: 1,
      create: () => new Float32Array(buffer),
      inputs: (memory) => [memory],
      outputs: (memory) => [memory],
      run: (memory) => void (memory[1] = 5),
    });
    // Growing WebAssembly's memory detaches the old buffer in the same way.
    buffer = structuredClone(buffer, { transfer: [buffer] });
    program.run();
    expect([...program.outputs()[0]!]).toEqual([0, 5]);
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'numbers of no whole image',
      { x: upTo(3) },
      undefined,
      'net.forward: input `x` needs 2 numbers (2) for each image, got 3',
    ],
    [
      'no numbers',
      { x: upTo(0) },
      undefined,
      'net.forward: input `x` needs 2 numbers (2) for each image, got 0',
    ],
    ['another name', { z: upTo(2) }, undefined, 'net.forward: there is no input `z`; it takes { x }'],
    ['nothing', undefined, undefined, 'net.forward takes its inputs by name, { x }, got undefined'],
    [
      'an array',
      { x: [1, 2] },
      undefined,
      'net.forward: input `x` needs a Float32Array, got an array; wrap it: new Float32Array(x)',
    ],
    [
      'too small results',
      { x: upTo(4) },
      { y: upTo(2) },
      'net.forward: out `y` needs 4 numbers (2x2), got 2',
    ],
  ])('refuses %s', (_, given, out, message) => {
    const { calls, forward } = negating([1]);
    const call = forward as (given: unknown, out: unknown) => unknown;
    expect(() => call(given, out)).toThrow(message);
    expect(calls).toEqual([]);
  });
});
