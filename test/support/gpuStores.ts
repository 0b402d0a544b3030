/** What a call on the GPU may have written: the words of its results. */
import { writtenArgs, type KernelCall, type Program } from '../../compiler/program/types.ts';
import type { Space } from '../../compiler/targets/webgpu/bindings.ts';
import { WORD, type Places } from './gpuPlaces.ts';
import { indicesOf, placeOf } from './layouts.ts';

type Snapshot = ReadonlyMap<Space, Uint32Array>;

/** Throws at a word that is another one than before and lies in no result. */
export function checkStores(
  program: Program,
  places: Places,
  call: KernelCall,
  before: Snapshot,
  after: Snapshot,
): void {
  const allowed = new Map([...before].map(([space, { length }]) => [space, new Uint8Array(length)] as const));
  for (const i of writtenArgs(call)) {
    const { space, offset } = places.regions.get(call.args[i]!)!;
    const first = offset / WORD;
    for (const word of wordsOf(program, call, i)) allowed.get(space)![first + word] = 1;
  }
  for (const [space, words] of after) {
    const [was, may] = [before.get(space)!, allowed.get(space)!];
    const broken = words.findIndex((word, i) => word !== was[i] && !may[i]);
    if (broken >= 0)
      throw new Error(`${call.label}: ${call.kernel.name} has written word ${broken} of ${space}`);
  }
}

/** Parts of wider buffers hold only some words of their range: those of their layout. */
function wordsOf(program: Program, { args, kernel }: KernelCall, i: number): Iterable<number> {
  const { within, layout } = program.buffers[args[i]!]!;
  if (!within) return new Array<number>(kernel.buffers[i]!.length).keys();
  return [...indicesOf(layout.shape)].map((index) => placeOf(layout, index));
}
