/** Compares two results of the same net. Calls with the same label and result are paired in their order. */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Pass } from './measure.ts';
import type { BenchCall } from './call.ts';
import { inputTypes, type BenchResult } from './result.ts';
import type { Subject } from './subject.ts';

export interface ComparedCall {
  readonly label: string;
  readonly result: string;
  readonly schedule: string;
  /** Undefined if only the other result has this call. */
  readonly ms?: number;
  readonly otherSchedule?: string;
  readonly otherMs?: number;
  /** The ratio to the other time; below one is faster. Undefined if a time is missing or zero. */
  readonly ratio?: number;
}

export interface Comparison {
  readonly calls: readonly ComparedCall[];
  /** Ratio of the medians of whole runs. */
  readonly ratio: number;
}

/** Refuses results with another net, pass or inputs. Target, variant and machine may differ. */
export function checkComparable(subject: Subject, pass: Pass, other: BenchResult, file: string): void {
  const ours = netText(subject.info.name, pass, inputTypes(subject));
  const theirs = netText(other.name, other.pass, other.inputs);
  if (ours !== theirs)
    fail('CNNC5041', '--compare', { file }, `this is a result of ${theirs}, expected one of ${ours}`);
}

function netText(name: string, pass: Pass, inputs: BenchResult['inputs']): string {
  const types = Object.entries(inputs).map(([input, type]) => `${input} ${type}`);
  return `${name}, ${pass}, ${types.join(', ')}`;
}

export function compare(own: BenchResult, other: BenchResult): Comparison {
  const theirs = new Map(keyed(other.calls));
  const shared = keyed(own.calls).map(([key, call]) => {
    const match = theirs.get(key);
    theirs.delete(key);
    return pair(call, match);
  });
  const onlyTheirs = [...theirs.values()].map(({ label, result, schedule, ms }) => ({
    ...{ label, result, schedule },
    otherMs: ms,
  }));
  return { calls: [...shared, ...onlyTheirs], ratio: own.totals.medianMs / other.totals.medianMs };
}

function pair({ label, result, schedule, ms }: BenchCall, other: BenchCall | undefined): ComparedCall {
  const call = { label, result, schedule, ms };
  if (!other) return call;
  const ratio = ms > 0 && other.ms > 0 ? { ratio: ms / other.ms } : {};
  return { ...call, otherSchedule: other.schedule, otherMs: other.ms, ...ratio };
}

/** Pairs the second call with a label and result with the second one of the other result. */
function keyed(calls: readonly BenchCall[]): [key: string, call: BenchCall][] {
  const seen = new Map<string, number>();
  return calls.map((call) => {
    const name = JSON.stringify([call.label, call.result]);
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return [`${count} ${name}`, call];
  });
}
