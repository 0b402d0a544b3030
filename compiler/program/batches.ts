/**
 * Programs of one model for several batches, over the same weights. `joinBatches` makes one program of them, so that
 * weights are folded, packed and stored once; `split` takes it apart again. Postconditions of `split`:
 *
 * - The first program has the phase `prepare` for all of them, and all constants. `kept` lists those that it does not read.
 * - Constants and results of `prepare` have the same ids and names in all programs. In the others they are constants
 *   without numbers.
 *
 * Two results of `prepare` are the same if the same kernels compute them from the same parameters.
 */
import { structureOf } from '../kernel/structure.ts';
import { uniqueIdentifier } from './identifiers.ts';
import { preparedBuffers } from './liveness.ts';
import { phaseCalls, type Buffer, type BufferId, type KernelCall, type Program } from './types.ts';

export interface JoinedPrograms {
  /** Its phase `forward` has the calls of all programs. */
  readonly whole: Program;
  /** Takes the program apart after its weights were baked or staged. */
  split(whole: Program): Program[];
}

/** Joins programs that have the phases `prepare` and `forward`. The first one is that of the smallest batch. */
export function joinBatches(programs: readonly Program[]): JoinedPrograms {
  if (programs.length === 1) return { whole: programs[0]!, split: (whole) => [whole] };
  const state: JoinState = { buffers: [], prepare: [], known: new Map(), names: new Set() };
  const owners: (Program | undefined)[] = [];
  const forwards = programs.map((program) => {
    const place = placeProgram(program, state, (own) => {
      owners[own] = program;
    });
    return phaseCalls(program, 'forward').map((call) => ({ ...call, args: call.args.map(place) }));
  });
  const [{ name }] = programs as [Program];
  const prepare = state.prepare.length > 0 ? [{ name: 'prepare' as const, calls: state.prepare }] : [];
  const forward = { name: 'forward' as const, calls: forwards.flat() };
  return {
    whole: { name, buffers: state.buffers, phases: [...prepare, forward] },
    split: (whole) =>
      programs.map((program, i) =>
        partOf(whole, forwards, i, (id) => owners[id] === undefined || owners[id] === program),
      ),
  };
}

interface JoinState {
  readonly buffers: Buffer[];
  readonly prepare: KernelCall[];
  /** Places of weights by what they are. */
  readonly known: Map<string, BufferId>;
  /** Names of weights. */
  readonly names: Set<string>;
}

/** Adds a program's buffers. Returns the place of each; `owns` is called with those that only this program uses. */
function placeProgram(
  program: Program,
  state: JoinState,
  owns: (id: BufferId) => void,
): (id: BufferId) => BufferId {
  const places = new Map<BufferId, BufferId>();
  const prepared = preparedBuffers(program);
  const isWeight = ({ id, role }: Buffer): boolean =>
    role === 'parameter' || role === 'constant' || prepared.has(id);
  const add = (id: BufferId, key?: string): BufferId => {
    const buffer = program.buffers[id]!;
    const known = key === undefined ? undefined : state.known.get(key);
    const place = known ?? state.buffers.length;
    places.set(id, place);
    if (known !== undefined) return place;
    const { within } = buffer;
    const name = key === undefined ? buffer.name : uniqueIdentifier(buffer.name, state.names);
    // The whole may come after its part, so the slot is taken first.
    state.buffers.push({ ...buffer, id: place, name });
    if (key === undefined) owns(place);
    else state.known.set(key, place);
    if (within)
      state.buffers[place] = {
        ...state.buffers[place]!,
        within: { ...within, buffer: placeOf(within.buffer) },
      };
    return place;
  };
  const placeOf = (id: BufferId): BufferId => {
    const buffer = program.buffers[id]!;
    return places.get(id) ?? add(id, isWeight(buffer) ? keyOf(buffer, placeOf) : undefined);
  };
  for (const call of phaseCalls(program, 'prepare')) placeCall(call, state, { places, placeOf, add });
  for (const { id } of program.buffers) placeOf(id);
  return placeOf;
}

interface Placing {
  readonly places: ReadonlyMap<BufferId, BufferId>;
  placeOf(id: BufferId): BufferId;
  add(id: BufferId, key: string): BufferId;
}

/** Places the results of a call of `prepare`, and adds the call unless there is an equal one. */
function placeCall(call: KernelCall, { known, prepare }: JoinState, { places, placeOf, add }: Placing): void {
  const { kernel, plain = kernel, args } = call;
  const isResult = args.map((_, i) => kernel.buffers[i]!.access !== 'read');
  const operands = args.map((id, i) => (isResult[i] && !places.has(id) ? '' : placeOf(id)));
  const key = `call ${structureOf(plain)} ${operands.join(' ')}`;
  const isNew = !args.some((_, i) => isResult[i] && known.has(`${key} ${i}`));
  const placed = args.map((id, i) => (isResult[i] && !places.has(id) ? add(id, `${key} ${i}`) : placeOf(id)));
  if (isNew) prepare.push({ ...call, args: placed });
}

/** What a weight is that no call makes: a parameter, a constant, or a part of another weight. */
function keyOf(buffer: Buffer, placeOf: (id: BufferId) => BufferId): string {
  const { role, publicName, within, element, length, layout, data, id } = buffer;
  if (within) return `part ${placeOf(within.buffer)} ${within.offset} ${length} ${JSON.stringify(layout)}`;
  if (role === 'parameter') return `parameter ${publicName}`;
  if (role === 'constant')
    return `constant ${element} ${JSON.stringify(layout)} ${Array.from(data ?? []).join(' ')}`;
  throw new Error(`nothing makes the weight ${buffer.name} (${id})`);
}

/** One program of the whole. Buffers of the other programs keep their ids, and are unused temporaries. */
function partOf(
  whole: Program,
  forwards: readonly (readonly KernelCall[])[],
  i: number,
  isVisible: (id: BufferId) => boolean,
): Program {
  const at = forwards.slice(0, i).reduce((sum, calls) => sum + calls.length, 0);
  const own = phaseCalls(whole, 'forward').slice(at, at + forwards[i]!.length);
  const forward = { name: 'forward' as const, calls: own };
  const prepared = preparedBuffers(whole);
  const isFirst = i === 0;
  const buffers = whole.buffers.map((buffer): Buffer => {
    if (!isVisible(buffer.id)) return { ...buffer, role: 'temporary', publicName: undefined };
    const isShared = buffer.role === 'constant' || (prepared.has(buffer.id) && buffer.role !== 'staged');
    return isShared && !isFirst ? { ...buffer, role: 'constant', data: undefined } : buffer;
  });
  if (!isFirst) return { name: whole.name, buffers, phases: [forward] };
  const read = new Set(own.flatMap(({ args }) => args));
  const kept = [...new Set(phaseCalls(whole, 'forward').flatMap(({ args }) => args))].filter(
    (id) => whole.buffers[id]!.role === 'constant' && !read.has(id),
  );
  const phases = [...whole.phases.filter(({ name }) => name === 'prepare'), forward];
  return { name: whole.name, buffers, phases, kept };
}
