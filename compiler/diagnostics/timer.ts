/**
 * The time of each stage of a compilation. Stages may nest: the time of an inner stage does not count for the outer one,
 * so the sum of all stages is the total time.
 */
export interface Timing {
  /** The group of the stage, such as `frontend`, `graph passes` or `lowering`. */
  readonly group: string;
  /** The name within the group: a pass or a target. */
  readonly name: string;
  readonly milliseconds: number;
  readonly runs: number;
}

export interface Timer {
  time<T>(group: string, name: string, run: () => T): T;
  timeAsync<T>(group: string, name: string, run: () => Promise<T>): Promise<T>;
  /** The stages in the order in which they first began. */
  timings(): readonly Timing[];
}

interface Open {
  readonly start: number;
  /** Time of the inner stages. */
  inner: number;
}

interface Sum {
  readonly group: string;
  readonly name: string;
  milliseconds: number;
  runs: number;
}

export function createTimer(now: () => number = () => performance.now()): Timer {
  const sums = new Map<string, Sum>();
  const open: Open[] = [];
  /** Returns the function that ends the stage. */
  const begin = (group: string, name: string): (() => void) => {
    const key = `${group}/${name}`;
    const sum = sums.get(key) ?? { group, name, milliseconds: 0, runs: 0 };
    sums.set(key, sum);
    const own: Open = { start: now(), inner: 0 };
    open.push(own);
    return () => {
      open.pop();
      const elapsed = now() - own.start;
      const outer = open.at(-1);
      if (outer) outer.inner += elapsed;
      sum.milliseconds += elapsed - own.inner;
      sum.runs++;
    };
  };
  return {
    time(group, name, run) {
      const end = begin(group, name);
      try {
        return run();
      } finally {
        end();
      }
    },
    async timeAsync(group, name, run) {
      const end = begin(group, name);
      try {
        return await run();
      } finally {
        end();
      }
    },
    timings: () => [...sums.values()].map((sum) => ({ ...sum })),
  };
}
