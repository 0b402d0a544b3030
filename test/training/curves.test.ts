import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis, panelSvg } from '../../compiler/training/chart.ts';
import { curvesHtml, curvesSvg, formatDuration } from '../../compiler/training/curves.ts';
import type { EpochResult, History } from '../../compiler/training/history.ts';
import { createTrainingProgress } from '../../compiler/training/progress.ts';

const result = (epoch: number, loss: number, accuracy: number): EpochResult => ({
  ...{ epoch, step: 10 * epoch, learningRate: 0.05 / epoch, seconds: 61 },
  training: { loss: loss + 0.01, accuracy: accuracy - 0.01 },
  validation: { loss, accuracy },
});

const history: History = {
  points: Array.from({ length: 30 }, (_, i) => ({
    step: i + 1,
    loss: 2.3 * 0.8 ** i,
    accuracy: 1 - 0.9 * 0.8 ** i,
  })),
  epochs: [result(1, 0.3, 0.95), result(2, 0.1, 0.985), result(3, 0.09, 0.98)],
};

const options = { title: 'a <net> & more', history, stepsPerEpoch: 10, settings: [['seed', '1']] as const };

describe('axes', () => {
  const format = String;
  it('begin and end at round numbers', () => {
    expect(linearAxis([0.931, 0.987], format)).toMatchObject({ from: 0.93, to: 0.99, isLog: false });
    expect(linearAxis([0, 7], format)).toMatchObject({ from: 0, to: 8 });
    expect(logAxis([0.03, 2.3], format)).toMatchObject({ from: 0.02, to: 5, isLog: true });
    expect(logAxis([0.05, 1], format)).toMatchObject({ from: 0.05, to: 1 });
  });

  it('have a width where all values are equal, or none is there', () => {
    expect(linearAxis([1, 1], format, 0.005)).toMatchObject({ from: 0.995, to: 1 });
    expect(logAxis([0.1], format)).toMatchObject({ from: 0.1, to: 0.2 });
    expect(linearAxis([], format)).toMatchObject({ from: 0, to: 1 });
  });
});

/** Coordinates of a path. */
const points = (path: string): number[][] =>
  [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('a panel', () => {
  it('places values between its corners', () => {
    const axis = { from: 0, to: 10, isLog: false, format: String };
    const series = [
      {
        name: 'line',
        style: 'validation',
        points: [
          [0, 0],
          [5, 10],
          [10, 5],
        ],
      },
    ] as const;
    const svg = panelSvg(
      { title: 'T', series, x: axis, y: axis, xLabel: 'x' },
      { left: 100, top: 50, width: 200, height: 100 },
    );
    const [, drawn = ''] = /<path class="validation" d="(M[^"]*L[^"]*)"/.exec(svg) ?? [];
    expect(points(drawn)).toEqual([
      [100, 150],
      [200, 50],
      [300, 100],
    ]);
    expect(svg.match(/<circle/g)).toHaveLength(3);
  });

  it('is logarithmic where the axis is', () => {
    const x = { from: 0, to: 2, isLog: false, format: String };
    const y = { from: 0.01, to: 1, isLog: true, format: String };
    const series = [
      {
        name: 'line',
        style: 'training',
        points: [
          [0, 1],
          [1, 0.1],
          [2, 0.01],
        ],
      },
    ] as const;
    const svg = panelSvg(
      { title: 'T', series, x, y, xLabel: 'x' },
      { left: 0, top: 0, width: 20, height: 200 },
    );
    const [, drawn = ''] = /<path class="training" d="(M[^"]*L[^"]*)"/.exec(svg) ?? [];
    expect(points(drawn)).toEqual([
      [0, 0],
      [10, 100],
      [20, 200],
    ]);
    for (const tick of ['0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1'])
      expect(svg).toContain(`>${tick}</text>`);
  });
});

/** The lines of the training values, as points: the loss, then the accuracy. */
const trainingLines = (svg: string): number[][][] =>
  [...svg.matchAll(/<path class="training" d="(M[^"]*L[^"]*)"/g)].map(([, path]) => points(path!));

/** Every accuracy is the same. */
const constant = (accuracy: number): History => ({
  points: history.points.map((point) => ({ ...point, accuracy })),
  epochs: history.epochs.map((epoch) => ({
    ...epoch,
    training: { ...epoch.training, accuracy },
    validation: { ...epoch.validation, accuracy },
  })),
});

const zigzag = history.points.map((point, i) => ({ ...point, accuracy: i % 2 ? 0.1 : 0.97 }));

describe('the curves', () => {
  it('show every point and every epoch, whatever the title holds', () => {
    const svg = curvesSvg(options);
    expect(svg).toContain('<title>a &lt;net&gt; &amp; more</title>');
    const drawn = trainingLines(svg).map((line) => line.length);
    // The accuracy axis begins at 93 %: the points below it are cut off, and the line enters there.
    const above = history.points.filter(({ accuracy }) => accuracy >= 0.93).length;
    expect(drawn).toEqual([30, above + 1]);
    expect(above).toBeLessThan(25);
    expect(svg.match(/<circle/g)).toHaveLength(6);
    expect(svg).toContain('Loss (logarithmic)');
    expect(svg).toContain('<title>validation, epoch 2: 98.5 %</title>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    ['from chance level', history],
    ['of a net that is always right', constant(1)],
    ['of a net that is never right', constant(0)],
    ['that fall to chance level and rise again', { ...history, points: zigzag }],
  ])('stay between their axes: %s', (_, measured) => {
    const svg = curvesSvg({ ...options, history: measured });
    const [loss, accuracy] = trainingLines(svg);
    expect([loss!.length, accuracy!.length].every((length) => length > 1)).toBe(true);
    const [left, right] = [74, 836];
    for (const [line, top] of [
      [loss!, 52],
      [accuracy!, 400],
    ] as const)
      for (const [x, y] of line) {
        expect(x).toBeGreaterThanOrEqual(left);
        expect(x).toBeLessThanOrEqual(right);
        expect(y).toBeGreaterThanOrEqual(top);
        expect(y).toBeLessThanOrEqual(top + 250);
      }
    const dots = [...svg.matchAll(/<circle [^>]*cy="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(dots).toHaveLength(6);
    expect(dots.every((y) => (y >= 52 && y <= 302) || (y >= 400 && y <= 650))).toBe(true);
  });

  it('stay readable before anything was measured, and after one epoch', () => {
    const measured = { loss: 0, accuracy: 1 };
    const perfect: History = {
      points: [{ step: 10, ...measured }],
      epochs: [{ ...result(1, 0, 1), training: measured, validation: measured }],
    };
    for (const short of [
      perfect,
      { points: [], epochs: [] },
      { points: history.points.slice(0, 1), epochs: [result(1, 0.5, 1)] },
    ]) {
      expect(curvesHtml({ ...options, history: short })).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('come with the numbers, in one file that loads nothing', () => {
    const html = curvesHtml(options);
    expect(html).toContain(
      'Validation accuracy 98 % after epoch 3 · best 98.5 % after epoch 2 · 3:03 min of training',
    );
    expect(html).toContain(
      '<tr class="best"><td>2<td>0.0250<td>0.1100<td>97.50 %<td>0.1000<td>98.50 %<td>1:01 min',
    );
    expect(html).not.toMatch(/(src|href)=|@import|url\((?!#)/);
  });
});

describe('durations', () => {
  it.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [59.6, '1:00 min'],
    [725, '12:05 min'],
    [7380, '2:03 h'],
  ] as const)('%d seconds', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('progress', () => {
  const size = { epochs: 2, batch: 10, trainSteps: 4, validationSteps: 1 };
  /** A second for each step. */
  function watch(screen: { interactive: boolean; columns?: number }) {
    let [text, clock] = ['', 0];
    const err = (more: string) => void (text += more);
    const progress = createTrainingProgress({ ...screen, err }, size, () => clock);
    const show = (phase: 'train' | 'validate', epoch: number, step: number) => {
      clock++;
      progress.show({ phase, epoch, step, steps: phase === 'train' ? 4 : 1, loss: 0.5, accuracy: 0.25 });
    };
    return { progress, show, text: () => text, wait: (seconds: number) => (clock += seconds) };
  }

  it('rewrites one line on a terminal, and removes it', () => {
    const { progress, show, text } = watch({ interactive: true, columns: 100 });
    show('train', 1, 1);
    // Seven more training steps at a second each, two validation steps at a third.
    const numbers = 'loss 0.5000  accuracy 25.00 %  10 images/s  8 s left';
    expect(text()).toBe(`\r\x1b[2Kepoch 1/2 train [#####---------------]  ${numbers}`);
    show('train', 1, 2);
    expect(text().split('\r\x1b[2K')).toHaveLength(3);
    progress.end();
    progress.end();
    expect(text().endsWith('\r\x1b[2K')).toBe(true);
    expect(text().split('\r\x1b[2K')).toHaveLength(4);
  });

  it.each([undefined, 80, 75, 60, 40])('stays within a terminal of %s columns', (columns) => {
    const { show, text } = watch({ interactive: true, columns });
    show('train', 1, 2);
    const line = text().replace('\r\x1b[2K', '');
    expect(line.length).toBeLessThan(columns ?? 80);
    expect(line.startsWith('epoch 1/2 train')).toBe(true);
    expect(line.includes('[##')).toBe((columns ?? 80) >= 80);
  });

  it('writes plain lines into a pipe, now and then, and one for every epoch', () => {
    const { progress, show, text, wait } = watch({ interactive: false });
    show('train', 1, 1);
    wait(40);
    show('train', 1, 2);
    progress.endEpoch(result(1, 0.3, 0.95));
    progress.end();
    const measured = 'training loss 0.3100, accuracy 94.00 %  validation loss 0.3000, accuracy 95.00 %';
    expect(text()).toBe(
      [
        'epoch 1/2 train [##########----------]  loss 0.5000  accuracy 25.00 %  0.5 images/s  2:20 min left',
        `epoch 1/2  ${measured}  rate 0.05  1:01 min`,
        '',
      ].join('\n'),
    );
  });

  it('times training and validation apart', () => {
    const { show, text } = watch({ interactive: true, columns: 120 });
    for (let step = 1; step <= 4; step++) show('train', 1, step);
    show('validate', 1, 1);
    const numbers = 'loss 0.5000  accuracy 25.00 %  10 images/s  5 s left';
    expect(text()).toContain(`epoch 1/2 check [####################]  ${numbers}`);
  });
});
