/** Programs by hand: buffers and calls whose kernels have no body, for tests of what calls read and write. */
import fc from 'fast-check';
import { rowMajor } from '../../compiler/kernel/layout.ts';
import type { Kernel, KernelBuffer, Statement } from '../../compiler/kernel/types.ts';
import type {
  Buffer,
  BufferRole,
  KernelCall,
  Phase,
  PhaseName,
  Program,
} from '../../compiler/program/types.ts';

export interface BufferSpec {
  readonly role?: BufferRole;
  /** Length in elements; default 16, one cache line. */
  readonly length?: number;
}

export interface CallSpec {
  readonly phase?: PhaseName;
  readonly kernel?: string;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** Read and written: an accumulation, or a parameter's update. */
  readonly changes?: readonly string[];
  /** Names of operands whose storage the result may take over. */
  readonly mayOverwrite?: readonly string[];
  readonly result?: string;
  /** How this kernel differs from another with the same buffers. */
  readonly body?: readonly Statement[];
}

const LENGTH = 16;

/** Buffers that are not listed are temporaries of the usual length. */
export function programOf(
  buffers: Readonly<Record<string, BufferSpec>>,
  calls: readonly CallSpec[],
): Program {
  const mentioned = calls.flatMap(({ reads = [], writes = [], changes = [] }) => [
    ...reads,
    ...writes,
    ...changes,
  ]);
  const names = [...new Set([...Object.keys(buffers), ...mentioned])];
  const all = names.map((name, id) => bufferOf(id, name, buffers[name] ?? {}));
  const phases = [...new Set(calls.map(phaseOf))].map((name): Phase => ({
    name,
    calls: calls.filter((call) => phaseOf(call) === name).map((call) => callOf(call, all)),
  }));
  return { name: 'test', buffers: all, phases };
}

const phaseOf = ({ phase = 'forward' }: CallSpec): PhaseName => phase;

function bufferOf(id: number, name: string, { role = 'temporary', length = LENGTH }: BufferSpec): Buffer {
  return {
    id,
    name,
    element: 'f32',
    length,
    role,
    layout: rowMajor([length]),
    publicName: name,
    origin: { path: name },
  };
}

function callOf(spec: CallSpec, buffers: readonly Buffer[]): KernelCall {
  const { reads = [], writes = [], changes = [], mayOverwrite = [], result = 'f32[16]' } = spec;
  const args = [...reads, ...changes, ...writes];
  const accesses: KernelBuffer['access'][] = [
    ...reads.map(() => 'read' as const),
    ...changes.map(() => 'readWrite' as const),
    ...writes.map(() => 'write' as const),
  ];
  const found = args.map((name) => buffers.find((buffer) => buffer.name === name)!);
  const kernel: Kernel = {
    name: spec.kernel ?? 'kernel',
    comment: [],
    buffers: found.map(({ element, length }, i) => ({
      name: `b${i}`,
      element,
      length,
      access: accesses[i]!,
    })),
    body: spec.body ?? [],
  };
  return {
    kernel,
    args: found.map(({ id }) => id),
    mayOverwrite: mayOverwrite.map((name) => args.indexOf(name)),
    origin: { path: '' },
    label: kernel.name,
    result,
    schedule: 'loops',
    multiplyAdds: 0,
    bytes: 0,
  };
}

/** Lengths of which some round up to the same number of cache lines. */
const lengths = fc.constantFrom(1, 15, 16, 16, 17, 48, 48, 100);

interface Step {
  /** Each picks one of what is there so far. */
  readonly reads: readonly number[];
  /** Length of the result; default: that of its first operand. */
  readonly length?: number;
  readonly results: number;
  /** Accumulates into something that is there. */
  readonly changes?: number;
  readonly inPlace: boolean;
  readonly isOutput: boolean;
  readonly phase: PhaseName;
}

const step: fc.Arbitrary<Step> = fc.record({
  reads: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  length: fc.option(lengths, { nil: undefined, freq: 1 }),
  results: fc.constantFrom(1, 1, 1, 1, 1, 1, 2, 0),
  changes: fc.option(fc.nat(), { nil: undefined, freq: 6 }),
  inPlace: fc.boolean(),
  isOutput: fc.constantFrom(true, false, false, false),
  phase: fc.constantFrom<PhaseName>('forward', 'forward', 'backward', 'prepare'),
});

/**
 * Programs of up to 14 calls: unread results, operands read twice, accumulations, parameters, several
 * outputs. In place is allowed where an operand is as long as the result, as lowering does.
 */
export const randomPrograms: fc.Arbitrary<Program> = fc
  .tuple(
    fc.array(lengths, { minLength: 1, maxLength: 3 }),
    fc.array(step, { minLength: 1, maxLength: 14, size: 'max' }),
  )
  .map(([inputs, steps]) => {
    const buffers: Record<string, BufferSpec> = {
      w: { role: 'parameter', length: 32 },
      packed: { length: 32 },
    };
    inputs.forEach((length, i) => (buffers[`in${i}`] = { role: 'input', length }));
    const calls: CallSpec[] = [{ phase: 'prepare', reads: ['w'], writes: ['packed'] }];
    const known = Object.keys(buffers);
    const order = [
      ...steps.filter(({ phase }) => phase !== 'backward'),
      ...steps.filter(({ phase }) => phase === 'backward'),
    ];
    order.forEach((one, i) => calls.push(randomCall(one, i, buffers, known)));
    return programOf(buffers, calls);
  });

function randomCall(one: Step, at: number, buffers: Record<string, BufferSpec>, known: string[]): CallSpec {
  // Mostly of the last few, as in networks.
  const pick = (number: number): string =>
    known.at(-1 - (number % (number % 3 ? Math.min(3, known.length) : known.length)))!;
  const reads = one.reads.map(pick);
  const changed = one.changes === undefined ? undefined : pick(one.changes);
  // Only what is no input and no parameter is accumulated into, and not what is read besides.
  const isTemporary = changed !== undefined && buffers[changed]!.role === undefined && changed !== 'packed';
  const changes = isTemporary && !reads.includes(changed) ? [changed] : [];
  const writes = Array.from({ length: one.results }, (_, i) => `t${at}_${i}`);
  const length = one.length ?? buffers[reads[0]!]!.length!;
  for (const name of writes) buffers[name] = one.isOutput ? { role: 'output', length } : { length };
  known.push(...writes.filter(() => !one.isOutput));
  const [result] = writes;
  const fits = (name: string): boolean => buffers[name]!.length === buffers[result!]!.length;
  const mayOverwrite = one.inPlace && result !== undefined ? reads.filter(fits) : [];
  return { phase: one.phase === 'prepare' ? 'forward' : one.phase, reads, changes, writes, mayOverwrite };
}
