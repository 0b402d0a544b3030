/** Chooses the way of each convolution: the recorded one, otherwise the fastest in a measurement, which is recorded. */
import { relaxedSimdWorks } from './features.ts';
import type { ChooseWay } from '../schedules/conv2d/conv2d.ts';
import type { AssembleNow } from '../../../emit/host.ts';
import { measureWays } from './measure.ts';
import { shapeKey, type TuningRecord } from './record.ts';

export interface Tuner {
  readonly choose: ChooseWay;
  /** Whether anything was measured. */
  hasMeasured(): boolean;
}

export interface TunerOptions {
  readonly assemble: AssembleNow;
  /** Called before each measurement. */
  readonly onMeasure?: (shape: string) => void;
}

/** Creates a tuner that adds its measurements to `record`. */
export function createTuner(record: TuningRecord, { assemble, onMeasure }: TunerOptions): Tuner {
  const relaxed = relaxedSimdWorks();
  let measured = false;
  return {
    hasMeasured: () => measured,
    choose(request, ways) {
      if (ways.length < 2) return ways[0]?.name;
      const key = shapeKey(request);
      const known = record.get(key);
      if (known && ways.some(({ name }) => name === known.way)) return known.way;
      // The record may come from a compile that allowed other ways.
      if (known && ways.every(({ name }) => known.milliseconds[name] !== undefined))
        return fastest(known.milliseconds, ways);
      onMeasure?.(key);
      measured = true;
      const times = measureWays(ways, request, relaxed, assemble).map(
        (time, i) => [ways[i]!.name, rounded(time)] as const,
      );
      const milliseconds = { ...known?.milliseconds, ...Object.fromEntries(times) };
      record.set(key, { way: fastest(milliseconds, ways), milliseconds });
      return fastest(milliseconds, ways);
    },
  };
}

const rounded = (milliseconds: number): number => Number(milliseconds.toPrecision(3));

type Milliseconds = Readonly<Partial<Record<Parameters<ChooseWay>[1][number]['name'], number>>>;

/** The fastest of the ways; the first one if several are equal. */
const fastest = (milliseconds: Milliseconds, ways: Parameters<ChooseWay>[1]) =>
  ways.reduce((best, way) => (milliseconds[way.name]! < milliseconds[best.name]! ? way : best)).name;
