/**
 * The layout of a package's memory on the GPU. A package for inference has one GPUBuffer for the weights, which is
 * written when they are loaded and then only read, and one for the arena. `prepare` has another one for what only it needs. A package that trains keeps weights and state in the arena's
 * GPUBuffer (emit/memoryLayout.ts), because training writes them, and its halves in another GPUBuffer. Postcondition: a
 * buffer begins at a multiple of 256 bytes unless it is a part of another one. So it is at the beginning of its binding
 * wherever it is placed, and equal layers share their kernel.
 */
import {
  layOutMemory as layOut,
  weightFileOrder as fileOrder,
  type MemoryLayout,
} from '../../emit/memoryLayout.ts';
import { parameterSize, type PackageParameter } from '../../emit/parameters.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { BYTES_PER_ELEMENT } from '../../program/bytes.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import type { Buffer, BufferId, Program } from '../../program/types.ts';
import { BINDING_ALIGNMENT, type Region, type Space } from './bindings.ts';

export type Regions = ReadonlyMap<BufferId, Region>;

export interface WebgpuProgramLayout {
  readonly regions: Regions;
  /** Places for the phases of the halves. Weights and state have the same places as in `regions`. */
  readonly halves: Regions;
  /** Places for `prepare` in a package that loads its weights through it. */
  readonly preparing: Regions;
  /** Constants and results of `prepare`. In a package for inference they are in the order of the weight file. */
  readonly weights: readonly BufferId[];
  /** Sizes of the GPUBuffers that the program needs. */
  readonly bytes: {
    readonly arena: number;
    readonly weights: number;
    readonly staging: number;
    readonly halves: number;
  };
}

export interface WebgpuLayout {
  readonly programs: ReadonlyMap<ModuleProgram, WebgpuProgramLayout>;
  /** Places of parameters by their names. */
  readonly parameters: ReadonlyMap<string, Region>;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;

/** Lays out the memory. Inference comes first; `parameters` is empty unless the package trains. */
export function layOutMemory(
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
): WebgpuLayout {
  const layout = layOut(programs, parameters, BINDING_ALIGNMENT);
  const places = parameters.map((one): [string, Region] => [
    one.name,
    {
      space: 'arena',
      offset: layout.parameters.get(one.name)!,
      bytes: parameterSize(one) * BYTES_PER_ELEMENT,
    },
  ]);
  const known = new Map(places);
  return {
    parameters: known,
    programs: programLayouts(programs, layout, known),
  };
}

function programLayouts(
  programs: readonly ModuleProgram[],
  layout: MemoryLayout,
  parameters: ReadonlyMap<string, Region>,
): Map<ModuleProgram, WebgpuProgramLayout> {
  const first = programs[0]!;
  const lasting = lastingRegions(first, layout, parameters);
  const sharing = programs.filter(({ weights }) => weights === 'shared');
  return new Map(
    programs.map((one) => {
      const isShared = one.weights === 'shared';
      const own = isShared ? lasting : lastingRegions(one, layout, parameters);
      const made = programLayout(one, layout, own, isShared ? first : one);
      if (one !== first) return [one, made];
      const arena = Math.max(
        made.bytes.arena,
        ...sharing.map(({ plan }) => made.start + roundUp(plan.arenaBytes)),
      );
      return [one, { ...made, bytes: { ...made.bytes, arena } }];
    }),
  );
}

/** Whether weights have a separate GPUBuffer, because they are only read. */
const isOnce = ({ weights }: ModuleProgram): boolean => weights !== 'prepared';

/** Regions of weights and parameters. */
function lastingRegions(
  one: ModuleProgram,
  layout: MemoryLayout,
  parameters: ReadonlyMap<string, Region>,
): Map<BufferId, Region> {
  const { program } = one;
  const lasting = new Map<BufferId, Region>();
  for (const [id, offset] of layout.programs.get(one)!.weights) {
    const bytes = program.buffers[id]!.length * BYTES_PER_ELEMENT;
    lasting.set(id, { space: isOnce(one) ? 'weights' : 'arena', offset, bytes });
  }
  for (const { id, role, publicName } of program.buffers)
    if (role === 'parameter') lasting.set(id, parameters.get(publicName!)!);
  return lasting;
}

/** `owner` is the program that has the weights. */
function programLayout(
  one: ModuleProgram,
  layout: MemoryLayout,
  lasting: ReadonlyMap<BufferId, Region>,
  owner: ModuleProgram,
): WebgpuProgramLayout & { readonly start: number } {
  const { plan, halves, staging } = one;
  const own = layout.programs.get(one)!;
  // emit/memoryLayout.ts puts the weights before the arena; here they have a separate GPUBuffer.
  const start = isOnce(owner) ? 0 : own.arena;
  return {
    start,
    regions: new Map([...lasting, ...placed(plan, 'arena', start)]),
    preparing: new Map([
      ...[...lasting].map(([id, region]) => [id, { ...region, space: 'packing' }] as const),
      ...(staging ? placed(staging.plan, 'staging', 0) : []),
    ]),
    halves: new Map([...lasting, ...(halves ? placed(halves, 'halves', 0) : [])]),
    weights: [...own.weights.keys()],
    bytes: {
      arena: roundUp(start + plan.arenaBytes),
      weights: isOnce(owner) ? own.arena : 0,
      staging: roundUp(staging?.plan.arenaBytes ?? 0),
      halves: roundUp(halves?.arenaBytes ?? 0),
    },
  };
}

const placed = (plan: MemoryPlan, space: Space, start: number): [BufferId, Region][] =>
  [...plan.placements.values()].map(({ buffer, offset, bytes }) => [
    buffer,
    { space, offset: start + offset, bytes },
  ]);

export const weightFileOrder = (program: Program): Buffer[] => fileOrder(program, BINDING_ALIGNMENT);
