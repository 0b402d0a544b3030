/** The timer of stages, on a clock that the test sets. */
import { expect, it } from 'vitest';
import { createTimer, type Timer } from '../../compiler/diagnostics/timer.ts';

function timerWithClock(): { readonly timer: Timer; readonly wait: (time: number) => void } {
  let now = 0;
  return { timer: createTimer(() => now), wait: (time) => void (now += time) };
}

it('sums the runs of a stage, and keeps the order in which stages began', () => {
  const { timer, wait } = timerWithClock();
  expect(timer.time('passes', 'fuse', () => (wait(3), 'fused'))).toBe('fused');
  timer.time('passes', 'simplify', () => wait(1));
  timer.time('passes', 'fuse', () => wait(4));
  timer.time('lowering', 'fuse', () => wait(9));
  expect(timer.timings()).toEqual([
    { group: 'passes', name: 'fuse', milliseconds: 7, runs: 2 },
    { group: 'passes', name: 'simplify', milliseconds: 1, runs: 1 },
    { group: 'lowering', name: 'fuse', milliseconds: 9, runs: 1 },
  ]);
});

it('counts an inner stage for itself only, asynchronous ones too', async () => {
  const { timer, wait } = timerWithClock();
  await timer.timeAsync('package', 'all', async () => {
    wait(2);
    timer.time('lowering', 'wasm', () => {
      wait(10);
      timer.time('passes', 'fuse', () => wait(5));
    });
    await timer.timeAsync('package', 'format', async () => {
      await Promise.resolve();
      wait(20);
    });
    wait(1);
  });
  expect(timer.timings().map(({ name, milliseconds }) => [name, milliseconds])).toEqual([
    ['all', 3],
    ['wasm', 10],
    ['fuse', 5],
    ['format', 20],
  ]);
});

it('ends a stage that throws', () => {
  const { timer, wait } = timerWithClock();
  const failing = (): void =>
    timer.time('passes', 'fuse', () => {
      wait(2);
      throw new Error('broken');
    });
  expect(failing).toThrow('broken');
  timer.time('passes', 'simplify', () => wait(1));
  expect(timer.timings().map(({ milliseconds }) => milliseconds)).toEqual([2, 1]);
});
