/**
 * The result of `cnnc bench`, as `--json` writes it and `--compare` reads it. Rates are in GFLOP/s, with two operations
 * for a multiply-add, and in GB/s. Only the wasm target has fields that depend on the ceilings of the machine.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fail } from '../../diagnostics/diagnostic.ts';
import { ownArithmetic } from './arithmetic.ts';
import type { BenchCall } from './call.ts';
import type { Ceilings, Variant } from './ceilings.ts';
import type { Measured, MeasuredCall, Pass } from './measure.ts';
import { reasonsOf } from './reasons.ts';
import { sum } from './statistics.ts';
import type { Subject } from './subject.ts';

/** Version of the format; it changes with the meaning of the fields below. */
const FORMAT = 1;

export interface BenchResult {
  readonly cnncBench: typeof FORMAT;
  readonly name: string;
  readonly target: string;
  readonly pass: Pass;
  /** Types by name: `{ image: 'f32[1,3,224,224]' }`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly variant?: Variant;
  readonly host: { readonly node: string; readonly v8: string; readonly cpu: string; readonly gpu?: string };
  readonly ceilings?: Ceilings;
  readonly runs: number;
  /** Subtracted from the time of every call. */
  readonly overheadMs: number;
  readonly totals: {
    readonly callsMs: number;
    readonly medianMs: number;
    readonly minMs: number;
    readonly firstMs: number;
    readonly multiplyAdds: number;
    readonly ownMultiplyAdds: number;
    /** Rate at the median of whole runs. */
    readonly gflops: number;
    readonly ownGflops: number;
    readonly arenaBytes: number;
    readonly weightBytes: number;
  };
  readonly calls: readonly BenchCall[];
}

/** A call below this share of the peak and above this share of the time gets reasons. */
export const [SLOW, WEIGHTY] = [0.6, 0.01];

/** GFLOP/s; 0 if the time is too short for the clock. */
const rate = (count: number, ms: number): number => (ms > 0 ? count / 1e6 / ms : 0);

export interface Machine {
  readonly variant: Variant;
  readonly ceilings: Ceilings;
}

export function benchResult(
  subject: Subject,
  pass: Pass,
  measured: Measured,
  machine?: Machine,
): BenchResult {
  const callsMs = sum(measured.calls.map(({ ms }) => ms));
  const calls = measured.calls.map((call) => benchCall(call, callsMs, machine?.ceilings));
  return {
    ...{ cnncBench: FORMAT, name: subject.info.name, target: subject.target, pass },
    inputs: inputTypes(subject),
    ...machine,
    host: {
      node: process.version,
      v8: process.versions.v8,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      ...(measured.gpu === undefined ? {} : { gpu: measured.gpu }),
    },
    ...{ runs: measured.runs, overheadMs: measured.overheadMs },
    totals: totalsOf(subject, pass, measured, calls),
    calls,
  };
}

export const inputTypes = ({ info }: Subject): BenchResult['inputs'] =>
  Object.fromEntries(
    Object.entries(info.inputs).map(([name, { dtype, shape }]) => [name, `${dtype}[${shape.join(',')}]`]),
  );

function totalsOf(
  { info }: Subject,
  pass: Pass,
  { whole }: Measured,
  calls: readonly BenchCall[],
): BenchResult['totals'] {
  const multiplyAdds = sum(calls.map((call) => call.multiplyAdds));
  const ownMultiplyAdds = sum(calls.map((call) => call.ownMultiplyAdds));
  return {
    callsMs: sum(calls.map(({ ms }) => ms)),
    ...whole,
    ...{ multiplyAdds, ownMultiplyAdds },
    gflops: rate(2 * multiplyAdds, whole.medianMs),
    ownGflops: rate(2 * ownMultiplyAdds, whole.medianMs),
    arenaBytes: pass === 'training' ? info.training!.arenaBytes : info.arenaBytes,
    weightBytes: info.weightBytes,
  };
}

function benchCall(
  { phase, facts, times, ms, minMs }: MeasuredCall,
  callsMs: number,
  ceilings: Ceilings | undefined,
): BenchCall {
  const { kernel, label, result, schedule } = facts;
  const own = ownArithmetic(facts);
  const [ownMultiplyAdds, bytes] = [times * own.multiplyAdds, times * own.bytes];
  const multiplyAdds = times * facts.multiplyAdds;
  const call: BenchCall = {
    ...{ phase, kernel, label, result, schedule, times, multiplyAdds, ownMultiplyAdds, bytes, ms, minMs },
    share: callsMs > 0 ? ms / callsMs : 0,
    gflops: rate(2 * multiplyAdds, ms),
    ownGflops: rate(2 * ownMultiplyAdds, ms),
    gbPerSecond: rate(bytes, ms),
  };
  return ceilings ? withRoof(call, ceilings) : call;
}

function withRoof(call: BenchCall, ceilings: Ceilings): BenchCall {
  const computeMs = (2 * call.ownMultiplyAdds) / 1e6 / ceilings.gflops;
  const memoryMs = call.bytes / 1e6 / ceilings.gbPerSecond;
  const roofed: BenchCall = {
    ...call,
    ofPeak: call.ownGflops / ceilings.gflops,
    boundBy: memoryMs > computeMs ? 'memory' : 'compute',
    ofRoof: call.ms > 0 ? Math.max(computeMs, memoryMs) / call.ms : 0,
  };
  const isAsked = roofed.ofPeak! < SLOW && roofed.share > WEIGHTY;
  return isAsked ? { ...roofed, reasons: reasonsOf(roofed, ceilings) } : roofed;
}

/** Reads a file that `--json` wrote. */
export function readResult(file: string, flag: string): BenchResult {
  const result = parse(file, flag) as Partial<BenchResult> | null;
  const isOurs = typeof result === 'object' && result !== null && 'cnncBench' in result;
  if (!isOurs) fail('CNNC5040', flag, { file }, 'this is not a result of `cnnc bench --json`');
  if (result.cnncBench !== FORMAT || !Array.isArray(result.calls) || !result.totals || !result.inputs) {
    fail('CNNC5040', flag, { file }, 'another version of cnnc wrote this result');
  }
  return result as BenchResult;
}

function parse(file: string, flag: string): unknown {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return fail('CNNC5001', flag, { file }, `cannot read the file: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return fail('CNNC5040', flag, { file }, 'this is not a result of `cnnc bench --json`');
  }
}
