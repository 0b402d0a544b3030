/** What schedules compute of a convolution's geometry, against counting element by element. */
import { describe, expect, it } from 'vitest';
import { constant } from '../../compiler/kernel/expression.ts';
import { outputsInside, tapsInside, type Range } from '../../compiler/lowering/shared/borders.ts';
import { convGeometry, interiorColumns, isDepthwise } from '../../compiler/lowering/shared/convolution.ts';
import { gradientPhases } from '../../compiler/lowering/shared/gradientPhases.ts';
import { evenPart, range } from '../../compiler/lowering/shared/shorthands.ts';
import type { WindowAttrs } from '../../compiler/ops/shared/window.ts';

interface Axis {
  readonly window: WindowAttrs;
  readonly extent: number;
  readonly outputs: number;
}

/** Windows along an axis, wherever one fits. */
const AXES: readonly Axis[] = [1, 2, 3, 5].flatMap((kernel) =>
  [1, 2, 3].flatMap((stride) =>
    [1, 2, 3].flatMap((dilation) =>
      [0, 1, 2, 4].flatMap((padding) =>
        [1, 4, 9].flatMap((extent): Axis[] => {
          const left = extent + 2 * padding - ((kernel - 1) * dilation + 1);
          if (left < 0) return [];
          const along = <T>(value: T): [T, T] => [value, value];
          const window: WindowAttrs = {
            ...{ kernel: along(kernel), stride: along(stride), dilation: along(dilation) },
            padding: [padding, padding, padding, padding],
          };
          return [{ window, extent, outputs: Math.floor(left / stride) + 1 }];
        }),
      ),
    ),
  ),
);

const positionOf = ({ window }: Axis, output: number, tap: number): number =>
  output * window.stride[0] + tap * window.dilation[0] - window.padding[0];

const isInside = (axis: Axis, output: number, tap: number): boolean => {
  const position = positionOf(axis, output, tap);
  return position >= 0 && position < axis.extent;
};

/** Ranges of constants are constants. */
function numbersOf([first, end]: Range): number[] {
  const value = (e: Range[0]): number => (e.kind === 'const' ? e.value : NaN);
  return range(Math.max(0, value(end) - value(first))).map((i) => value(first) + i);
}

describe('ranges at the borders', () => {
  it('are drawn from many windows', () => {
    expect(AXES.length).toBeGreaterThan(200);
  });

  it('tapsInside: the elements of each window that meet the image', () => {
    for (const axis of AXES)
      for (const output of range(axis.outputs)) {
        const taps = axis.window.kernel[0];
        const borders = { startsBefore: true, endsAfter: true };
        const along = { taps, reach: axis.window.dilation[0], extent: axis.extent, ...borders };
        const found = tapsInside(constant(positionOf(axis, output, 0)), along);
        const expected = range(taps).filter((tap) => isInside(axis, output, tap));
        expect(numbersOf(found), JSON.stringify({ ...axis, output })).toEqual(expected);
      }
  });

  it('outputsInside: the windows whose element meets the image', () => {
    for (const axis of AXES)
      for (const tap of range(axis.window.kernel[0])) {
        const [first, end] = outputsInside(axis.window, 0, constant(tap), axis.extent);
        const found = numbersOf([first, end]).filter((output) => output < axis.outputs);
        const expected = range(axis.outputs).filter((output) => isInside(axis, output, tap));
        expect(found, JSON.stringify({ ...axis, tap })).toEqual(expected);
      }
  });

  it('interiorColumns: the outputs whose windows lie in the image as a whole', () => {
    for (const axis of AXES) {
      const { window, extent, outputs } = axis;
      const taps = range(window.kernel[0]);
      const { kernel: _, ...attrs } = window;
      const geometry = convGeometry(
        { ...attrs, groups: 1 },
        [1, 1, extent, extent],
        [1, 1, taps.length, taps.length],
        [1, 1, outputs, outputs],
      );
      const [first, end] = interiorColumns(geometry);
      const expected = range(outputs).filter((output) => taps.every((tap) => isInside(axis, output, tap)));
      expect(range(end - first).map((i) => first + i)).toEqual(expected);
    }
  });
});

describe('gradientPhases', () => {
  it('meet the pairs of an output and an element of the kernel that cover each position', () => {
    for (const axis of AXES) {
      const found = gradientPhases(axis.window, 0, axis.extent).flatMap((phase) =>
        range(phase.count).flatMap((j) =>
          range(phase.taps).flatMap((tap) => {
            const output = j + phase.offset + tap * phase.reach;
            const element = phase.element - tap * phase.step;
            const position = phase.first + j * axis.window.stride[0];
            return output >= 0 && output < axis.outputs ? [`${position} ${output} ${element}`] : [];
          }),
        ),
      );
      const expected = range(axis.outputs).flatMap((output) =>
        range(axis.window.kernel[0])
          .filter((tap) => isInside(axis, output, tap))
          .map((tap) => `${positionOf(axis, output, tap)} ${output} ${tap}`),
      );
      expect(found.toSorted(), JSON.stringify(axis)).toEqual(expected.toSorted());
    }
  });
});

describe('a convolution', () => {
  const attrs = { stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;

  it('counts the channels and outputs of one group', () => {
    const geometry = convGeometry({ ...attrs, groups: 2 }, [3, 8, 5, 7], [12, 4, 3, 3], [3, 12, 5, 7]);
    expect(geometry).toMatchObject({ images: 3, groups: 2, channels: 4, outputs: 6, height: 5, outWidth: 7 });
    expect(isDepthwise(geometry)).toBe(false);
  });

  it('is depthwise if each channel has one filter of its own', () => {
    const of = (groups: number, outputs: number) =>
      convGeometry({ ...attrs, groups }, [1, groups, 4, 4], [outputs, 1, 3, 3], [1, outputs, 4, 4]);
    expect(isDepthwise(of(6, 6))).toBe(true);
    expect(isDepthwise(of(6, 12))).toBe(false);
    expect(isDepthwise(of(1, 1))).toBe(false);
  });
});

describe('evenPart', () => {
  it('takes all where that is allowed, a divisor where one is near, and equal parts otherwise', () => {
    expect(evenPart(7, 9)).toBe(7);
    expect(evenPart(56, 10)).toBe(8);
    expect(evenPart(13, 5)).toBe(5);
    expect(evenPart(23, 10)).toBe(8);
  });
});
