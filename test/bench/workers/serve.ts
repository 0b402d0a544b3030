/**
 * The loop of every worker: loads the engine, then runs on request and reports how long it took. All engines are
 * timed by these same lines; between orders a worker sleeps.
 */
import { readFileSync } from 'node:fs';
import type { Answer, Job, Load, Order, Session } from './job.ts';

/** Uses `f32x4.relaxed_madd` once: valid where relaxed SIMD is on. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 65, 3, 253, 15, 253, 133, 2, 11],
);

const MEMORY_RUNS = 3;

/** Who takes longer for a run than this has no run for nothing before each turn. */
const UNCOUNTED_MS = 2000;

export async function serve(load: Load): Promise<void> {
  const job = JSON.parse(process.argv[2]!) as Job;
  const session = await load(job);
  switch (job.mode) {
    case 'cold':
      await session.run();
      process.stdout.write('done\n', () => process.exit(0));
      return;
    case 'memory':
      for (let i = 0; i < MEMORY_RUNS; i++) await session.run();
      process.stdout.write(`${peakBytes()}\n`, () => process.exit(0));
      return;
    case 'serve':
      listen(session);
      answer({ kind: 'loaded', relaxedSimd: WebAssembly.validate(RELAXED_PROBE) });
  }
}

/** Peak of this program's memory only: what getrusage reports counts the parent's pages before `exec` as well. */
export function peakBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}

function listen(session: Session): void {
  const state = { callMs: Infinity };
  process.on('message', (order: Order) => {
    if (order.kind === 'stop') process.exit(0);
    obey(session, state, order).then(answer, (error: unknown) =>
      answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

const answer = (message: Answer): void => void process.send!(message);

async function obey(
  session: Session,
  state: { callMs: number },
  order: Exclude<Order, { kind: 'stop' }>,
): Promise<Answer> {
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
  let [done, best, bestAt] = [0, Infinity, 0];
  for (;;) {
    const time = await timeCalls(session, 1);
    const elapsed = performance.now() - start;
    done++;
    if (time < 0.97 * best) bestAt = elapsed;
    best = Math.min(best, time);
    const isSteady = done >= runs && elapsed >= ms && elapsed - bestAt > elapsed / 3;
    const isPatient = elapsed <= (done >= runs ? mostMs : 5 * mostMs);
    if (isSteady || !isPatient) return { runs: done, ms: best };
  }
}
