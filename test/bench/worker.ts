/** A worker as its coordinator sees it, whether it is a process or a page. */
import type { Answer, Order } from './workers/job.ts';

/** Longer than the slowest thing that anybody measures. */
export const PATIENCE_MS = 20 * 60 * 1000;

export interface Worker {
  /** Undefined where the engine is no WebAssembly. */
  readonly relaxedSimd?: boolean;
  outputs(): Promise<readonly number[]>;
  warm(runs: number, ms: number, mostMs: number): Promise<{ readonly runs: number; readonly ms: number }>;
  /** Milliseconds a call. */
  turn(ms: number): Promise<number>;
  stop(): void | Promise<void>;
}

type AnswerOf<K extends Answer['kind']> = Extract<Answer, { kind: K }>;

/** `ask` sends an order. `loaded` is the first answer, which comes without one. */
export function createWorker(
  loaded: Answer,
  ask: (order: Order) => Promise<Answer>,
  stop: Worker['stop'],
): Worker {
  const { relaxedSimd } = expectAnswer(loaded, 'loaded');
  return {
    ...{ relaxedSimd, stop },
    outputs: async () => expectAnswer(await ask({ kind: 'outputs' }), 'outputs').values,
    warm: async (runs, ms, mostMs) => expectAnswer(await ask({ kind: 'warm', runs, ms, mostMs }), 'warm'),
    turn: async (ms) => expectAnswer(await ask({ kind: 'turn', ms }), 'turn').ms,
  };
}

function expectAnswer<K extends Answer['kind']>(answer: Answer, kind: K): AnswerOf<K> {
  if (answer.kind === kind) return answer as AnswerOf<K>;
  throw new Error(answer.kind === 'failed' ? answer.message : `unexpected ${answer.kind}`);
}
