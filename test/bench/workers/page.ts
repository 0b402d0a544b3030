/** A worker in a page: its coordinator calls `bench.open` and then `bench.obey` from outside. */
import type { Answer, Host, Job, Load, Order } from './job.ts';
import { failure, hasRelaxedSimd, timer, type Obey } from './timing.ts';

const PAGE: Host = {
  async read(file) {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  addressOf: (path) => new URL(path, location.href).href,
  allowScripts: () => undefined,
};

/** What a page offers as `globalThis.bench`. */
export interface Bench {
  open(job: Job): Promise<Answer>;
  obey(order: Order): Promise<Answer>;
}

export function serve(load: Load): void {
  let obey: Obey | undefined;
  const bench: Bench = {
    async open(job) {
      try {
        obey = timer(await load(job, PAGE));
        return { kind: 'loaded', relaxedSimd: hasRelaxedSimd() };
      } catch (error) {
        return failure(error);
      }
    },
    obey: (order) => obey!(order),
  };
  Object.assign(globalThis, { bench });
}
