import { describe, expect, it } from 'vitest';
import {
  anchorBoxes,
  decodeBox,
  detect,
  nonMaximumSuppression,
  overlap,
  type Detection,
} from '../../runtime/detection.ts';

const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
const found = (score: number, edges: ReturnType<typeof box>, kind = 1): Detection => ({
  ...edges,
  class: kind,
  score,
});

describe('anchors', () => {
  it('lie at the centres of places, row by row, each size in turn', () => {
    const anchors = anchorBoxes([{ map: [1, 2], sizes: [8, 160] }], { width: 32, height: 16 });
    expect(anchors).toEqual([
      { x: 0.25, y: 0.5, width: 0.25, height: 0.5 },
      { x: 0.25, y: 0.5, width: 1, height: 1 },
      { x: 0.75, y: 0.5, width: 0.25, height: 0.5 },
      { x: 0.75, y: 0.5, width: 1, height: 1 },
    ]);
  });

  it('are moved by parts of their size and scaled by powers of e', () => {
    const anchor = { x: 0.5, y: 0.5, width: 0.2, height: 0.1 };
    const unmoved = decodeBox([0, 0, 0, 0], 0, anchor);
    expect(unmoved.left).toBeCloseTo(0.4, 12);
    expect(unmoved.bottom).toBeCloseTo(0.55, 12);
    const moved = decodeBox([9, 5, -10, 5 * Math.log(2), 5 * Math.log(3)], 1, anchor);
    // x: 0.5 + 5 * 0.1 * 0.2; y: 0.5 - 10 * 0.1 * 0.1; twice as wide, three times as high.
    expect((moved.left + moved.right) / 2).toBeCloseTo(0.6, 12);
    expect((moved.top + moved.bottom) / 2).toBeCloseTo(0.4, 12);
    expect(moved.right - moved.left).toBeCloseTo(0.4, 12);
    expect(moved.bottom - moved.top).toBeCloseTo(0.3, 12);
  });
});

describe('overlap', () => {
  it('is intersection over union', () => {
    expect(overlap(box(0, 0, 2, 2), box(1, 1, 3, 3))).toBeCloseTo(1 / 7, 12);
    expect(overlap(box(0, 0, 1, 1), box(0, 0, 1, 1))).toBe(1);
    expect(overlap(box(0, 0, 1, 1), box(1, 0, 2, 1))).toBe(0);
    expect(overlap(box(0, 0, 0, 0), box(0, 0, 0, 0))).toBe(0);
  });
});

describe('non-maximum suppression', () => {
  it('keeps the best of boxes that mean the same', () => {
    const [a, b, c] = [
      found(0.6, box(0, 0, 10, 10)),
      found(0.9, box(1, 0, 11, 10)),
      found(0.7, box(20, 0, 30, 10)),
    ];
    expect(nonMaximumSuppression([a, b, c], 0.5)).toEqual([b, c]);
  });

  it('lets other classes stand, and does not suppress by what was suppressed', () => {
    const [a, b, c] = [
      found(0.9, box(0, 0, 10, 10)),
      found(0.8, box(4, 0, 14, 10)),
      found(0.7, box(8, 0, 18, 10)),
    ];
    expect(nonMaximumSuppression([a, b, c], 0.4)).toEqual([a, c]);
    expect(nonMaximumSuppression([a, { ...a, class: 2 }], 0.4)).toHaveLength(2);
  });
});

describe('detect', () => {
  const anchors = anchorBoxes([{ map: [1, 2], sizes: [8] }], { width: 32, height: 16 });

  it('leaves the background and the improbable out', () => {
    const scores = [0.8, 0.2, 0.1, 0.9];
    expect(detect(scores, new Float32Array(8), { anchors })).toEqual([
      { left: 0.625, right: 0.875, top: 0.25, bottom: 0.75, class: 1, score: 0.9 },
    ]);
  });

  it('refuses outputs of other anchors', () => {
    expect(() => detect([0.5, 0.5], new Float32Array(4), { anchors })).toThrow('do not fit 2 anchors');
  });
});
