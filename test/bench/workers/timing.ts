/** The clock of all workers, in Node and in pages: runs a session on request and reports how long it took. */
import type { Answer, Order, Session } from './job.ts';

/** Uses `f32x4.relaxed_madd` once: valid where relaxed SIMD is on. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 65, 3, 253, 15, 253, 133, 2, 11],
);

/** Who takes longer for a run than this has no run for nothing before each turn. */
const UNCOUNTED_MS = 2000;

/** Shorter times are of several calls: the clock of a page has steps of 0.1 ms. */
const MEASURABLE_MS = 4;

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(RELAXED_PROBE);

/** Answers one order at a time. */
export type Obey = (order: Order) => Promise<Answer>;

/** What can go wrong is an answer too. */
export function timer(session: Session): Obey {
  const state = { callMs: Infinity };
  return (order) => obey(session, state, order).catch(failure);
}

export const failure = (error: unknown): Answer => ({
  kind: 'failed',
  message: error instanceof Error ? error.message : String(error),
});

async function obey(session: Session, state: { callMs: number }, order: Order): Promise<Answer> {
  switch (order.kind) {
    case 'outputs':
      return { kind: 'outputs', values: [...(await session.run())] };
    case 'warm': {
      const warmed = await warm(session, order);
      state.callMs = warmed.ms;
      return { kind: 'warm', ...warmed };
    }
    case 'turn': {
      const calls = Math.max(1, Math.round(order.ms / state.callMs));
      // After the others' turns the caches and the clock are theirs: one more run is not counted, unless it takes long.
      if (state.callMs < UNCOUNTED_MS) await timeCalls(session, 1);
      return { kind: 'turn', ms: await timeCalls(session, calls), calls };
    }
  }
}

/** Milliseconds a call. Nothing is awaited that is there already. */
async function timeCalls(session: Session, calls: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = session.run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / calls;
}

/**
 * V8 compiles hot functions in the background: warm is when the last third of the time has brought no 3 % more. A run
 * that takes minutes is not hot to begin with.
 */
async function warm(
  session: Session,
  { runs, ms, mostMs }: Extract<Order, { kind: 'warm' }>,
): Promise<{ readonly runs: number; readonly ms: number }> {
  const start = performance.now();
  let [done, calls, best, bestAt] = [0, 1, Infinity, 0];
  for (;;) {
    const time = await timeCalls(session, calls);
    const elapsed = performance.now() - start;
    done += calls;
    if (time * calls < MEASURABLE_MS) {
      calls *= 2;
      continue;
    }
    if (time < 0.97 * best) bestAt = elapsed;
    best = Math.min(best, time);
    const isSteady = done >= runs && elapsed >= ms && elapsed - bestAt > elapsed / 3;
    const isPatient = elapsed <= (done >= runs ? mostMs : 5 * mostMs);
    if (isSteady || !isPatient) return { runs: done, ms: best };
  }
}
