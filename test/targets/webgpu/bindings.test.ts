/** Buffers as bindings: buffers that overlap share one, and there are never more than every device has. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../compiler/kernel/types.ts';
import {
  BINDING_ALIGNMENT,
  bindRegions,
  MOST_BINDINGS,
  type Bindings,
  type Region,
  type Space,
} from '../../../compiler/targets/webgpu/bindings.ts';
import { gridKernel, region } from './kernels.ts';

const kernelOf = (count: number): Kernel =>
  gridKernel(
    Array.from({ length: count }, (_, i) => `b${i}: read f32[1]`),
    () => {},
  );

const bind = (regions: readonly Region[]): Bindings => bindRegions(kernelOf(regions.length), regions);

/** `arena 256+64: 0 2` */
const shown = ({ ranges }: Bindings): string[] =>
  ranges.map(({ space, offset, bytes, buffers }) => `${space} ${offset}+${bytes}: ${buffers.join(' ')}`);

describe('bindings', () => {
  it('are a range for each buffer that stands alone, in whole vectors', () => {
    const bindings = bind([region(0, 4), region(256, 64), region(1024, 20, 'weights')]);
    expect(shown(bindings)).toEqual(['arena 0+16: 0', 'arena 256+64: 1', 'weights 1024+32: 2']);
    expect(bindings.arguments).toEqual([
      { binding: 0, base: 0 },
      { binding: 1, base: 0 },
      { binding: 2, base: 0 },
    ]);
  });

  it('begin where a range may begin, before a buffer that does not', () => {
    const bindings = bind([region(300, 40)]);
    expect(shown(bindings)).toEqual(['arena 256+96: 0']);
    expect(bindings.arguments).toEqual([{ binding: 0, base: 11 }]);
  });

  it('are one for the result in the place of an operand', () => {
    expect(shown(bind([region(512, 64), region(0, 64), region(512, 64)]))).toEqual([
      'arena 512+64: 0 2',
      'arena 0+64: 1',
    ]);
  });

  it('are one for parts of one buffer whose ranges meet only when they begin at multiples', () => {
    const bindings = bind([region(0, 100), region(100, 100)]);
    expect(shown(bindings)).toEqual(['arena 0+208: 0 1']);
    expect(bindings.arguments.map(({ base }) => base)).toEqual([0, 25]);
  });

  it('grow until they meet no other', () => {
    // The third lies over the first two, and then so does the fourth.
    const regions = [region(0, 300), region(512, 256), region(256, 300), region(700, 400)];
    expect(shown(bind(regions))).toEqual(['arena 0+1104: 0 1 2 3']);
  });

  it('meet in one memory only, and where it is written', () => {
    const same = [region(0, 64, 'weights'), region(0, 64, 'weights'), region(0, 64), region(0, 64, 'halves')];
    expect(shown(bind(same))).toEqual([
      'weights 0+64: 0',
      'weights 0+64: 1',
      'arena 0+64: 2',
      'halves 0+64: 3',
    ]);
  });

  it('of too many buffers are shared by the nearest', () => {
    const regions = Array.from({ length: 10 }, (_, i) => region(1024 * i * i, 64));
    expect(shown(bind(regions)).slice(0, 2)).toEqual(['arena 0+4160: 0 1 2', 'arena 9216+64: 3']);
    expect(bind(regions).ranges).toHaveLength(MOST_BINDINGS);
  });

  it('share no two memories, even so', () => {
    const regions = Array.from({ length: 9 }, (_, i) => region(1024 * i, 64, i < 2 ? 'arena' : 'weights'));
    expect(shown(bind(regions)).slice(0, 3)).toEqual([
      'arena 0+1088: 0 1',
      'weights 2048+64: 2',
      'weights 3072+64: 3',
    ]);
  });

  it('are few enough in as many memories as there are', () => {
    const spaces: Space[] = ['weights', 'arena', 'halves'];
    const regions = Array.from({ length: 30 }, (_, i) => region(1024 * i, 64, spaces[i % 3]));
    expect(bind(regions).ranges).toHaveLength(MOST_BINDINGS);
  });
});

const regions: fc.Arbitrary<Region[]> = fc.array(
  fc.record({
    space: fc.constantFrom<Space>('weights', 'arena', 'arena', 'halves'),
    offset: fc.nat({ max: 700 }).map((word) => 4 * word),
    bytes: fc.integer({ min: 1, max: 400 }).map((word) => 4 * word),
  }),
  { minLength: 1, maxLength: 14 },
);

const end = ({ offset, bytes }: Region): number => offset + bytes;

it('whatever lies where: every buffer is in its binding, and no two of them meet where one is written', () => {
  fc.assert(
    fc.property(regions, (all) => {
      const { ranges, arguments: places } = bind(all);
      expect(ranges.length).toBeLessThanOrEqual(MOST_BINDINGS);
      all.forEach((one, i) => {
        const { binding, base } = places[i]!;
        const range = ranges[binding]!;
        expect(range.space).toBe(one.space);
        expect(range.offset + 4 * base).toBe(one.offset);
        expect(range.offset % BINDING_ALIGNMENT).toBe(0);
        expect(range.bytes % 16).toBe(0);
        expect(end(range)).toBeGreaterThanOrEqual(end(one));
        expect(range.buffers).toContain(i);
      });
      for (const a of ranges) {
        const met = ranges.filter((b) => a.space === b.space && a.offset < end(b) && b.offset < end(a));
        if (a.space !== 'weights') expect(met).toEqual([a]);
      }
      expect(ranges.flatMap(({ buffers }) => buffers).sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
    }),
    { numRuns: 500, seed: 81 },
  );
});
