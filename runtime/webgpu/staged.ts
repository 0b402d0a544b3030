/**
 * Loads weights into a package on WebGPU that folds and packs them itself. `prepare` is a generator: before each group of
 * dispatches it yields the names of the tensors that must be in their places. Places are used several times, so tensors
 * are written to them right then. The memory that only `prepare` needs is released after it.
 */
import type { NamedShape } from '../fitTensors.ts';
import { namesInFile } from '../stagedWeights.ts';
import { loadBytes, parseSafetensors, type ByteSource } from '../weights.ts';
import type { GpuOptions } from './device.ts';
import { forwardPhases, openModel, withSession, type GpuModel, type GpuProgram } from './model.ts';
import { compileAhead, type Phase } from './program.ts';
import type { GpuSession } from './session.ts';
import { writeConstants, type GpuConstant } from './training.ts';
import type { Dispatch, GpuRange, KernelFamily } from './types.ts';

/** A tensor of the weight file, and its place. */
export interface GpuStagedTensor extends NamedShape {
  readonly range: GpuRange;
}

/** The weights of a package and the phase that prepares them. */
export interface GpuStaged {
  /** All tensors, in the order in which `prepare` needs them. */
  readonly weights: readonly GpuStagedTensor[];
  readonly constants: readonly GpuConstant[];
  /** Size of the memory that only `prepare` needs, in bytes. */
  readonly stagingBytes: number;
  readonly prepare?: (dispatch: Dispatch, family: KernelFamily) => Iterable<readonly string[]>;
  /** The flag that left out the code for other files. */
  readonly flag?: string;
}

export interface GpuStagedModel extends GpuModel {
  loadWeights(bytes: Uint8Array | ArrayBuffer): Promise<void>;
}

/** Loads a package that takes only its own weights. */
export const loadFixedModel = (
  program: GpuProgram,
  staged: GpuStaged,
  source: ByteSource,
  options: GpuOptions,
): Promise<GpuModel> => loadPrepared(program, staged, source, options, (_, model) => model);

/** Loads a package that takes other weights as well. */
export const loadStagedModel = (
  program: GpuProgram,
  staged: GpuStaged,
  source: ByteSource,
  options: GpuOptions,
): Promise<GpuStagedModel> =>
  loadPrepared(program, staged, source, options, (session, model) => {
    const call = `${program.name}.loadWeights`;
    let last: Promise<unknown> = Promise.resolve();
    const loadWeights = async (other: Uint8Array | ArrayBuffer): Promise<void> => {
      session.checkRuns(call);
      await prepareWeights(session, staged, new Uint8Array(other), call).catch((error: unknown) =>
        session.fail(call, error),
      );
    };
    return {
      ...model,
      // Calls use the same memory for what only `prepare` needs, so they run one after the other.
      loadWeights(other) {
        const loaded = last.then(() => loadWeights(other));
        last = loaded.catch(() => {});
        return loaded;
      },
    };
  });

async function loadPrepared<T>(
  program: GpuProgram,
  staged: GpuStaged,
  source: ByteSource,
  options: GpuOptions,
  finish: (session: GpuSession, model: GpuModel) => T,
): Promise<T> {
  const { name, sizes } = program;
  return withSession(name, { ...sizes, staging: staged.stagingBytes }, options, async (session) => {
    const steps = stepsOf(staged.prepare, session.site.family).map(({ phase }) => phase);
    const [bytes] = await Promise.all([
      loadBytes(source),
      compileAhead(session.site, [...forwardPhases(program), ...steps], options.onProgress),
    ]);
    writeConstants(session, staged.constants);
    await prepareWeights(session, staged, bytes, `${name}.load`);
    return finish(session, await openModel(session, program));
  });
}

async function prepareWeights(
  session: GpuSession,
  { weights, stagingBytes, prepare, flag }: GpuStaged,
  bytes: Uint8Array,
  call: string,
): Promise<void> {
  const file = parseSafetensors(bytes);
  const stored = namesInFile(call, weights, file, flag);
  const ranges = new Map(weights.map(({ name, range }) => [name, range]));
  const left = new Set(ranges.keys());
  const write = (name: string): void => {
    session.write(ranges.get(name)!, file.get(stored.get(name)!)!.data);
    left.delete(name);
  };
  if (stagingBytes > 0) await session.addBuffer('staging', stagingBytes);
  try {
    const steps = stepsOf(prepare, session.site.family);
    const records = await Promise.all(steps.map(({ phase }) => session.compile([phase])));
    for (const [i, { names }] of steps.entries()) {
      for (const name of names) write(name);
      await session.submit(call, records[i]!);
    }
    for (const name of left) write(name);
  } finally {
    if (stagingBytes > 0) session.removeBuffer('staging');
  }
}

interface Step {
  readonly names: readonly string[];
  /** The dispatches that follow. */
  readonly phase: Phase;
}

function stepsOf(prepare: GpuStaged['prepare'], family: KernelFamily): Step[] {
  const steps: { names: readonly string[]; calls: Parameters<Dispatch>[] }[] = [];
  const begin = (names: readonly string[]): unknown => steps.push({ names, calls: [] });
  const dispatch: Dispatch = (...call) => {
    if (steps.length === 0) begin([]);
    steps.at(-1)!.calls.push(call);
  };
  for (const names of prepare?.(dispatch, family) ?? []) begin(names);
  return steps.map(({ names, calls }) => ({
    names,
    phase: (run) => {
      for (const call of calls) run(...call);
    },
  }));
}
