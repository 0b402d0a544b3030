/** `parameters.ts` of a package that folds and packs its weights when they are loaded. */
import { placedBuffers } from '../../emit/buffers.ts';
import {
  block,
  functionSource,
  importsSource,
  interfaceSource,
  list,
  moduleSource,
} from '../../emit/declarations.ts';
import type { CanonicalWeights } from '../../emit/model.ts';
import { tensorEntry } from '../../emit/parameters.ts';
import { ARRAYS, docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { STORAGE_TYPES } from '../../emit/storage.ts';
import { phaseCalls, type Program } from '../../program/types.ts';

/** The objects that hold the tensors of the weight file. */
export function tensorStorage(
  program: Program,
  { staging }: Pick<CanonicalWeights, 'staging'>,
): ('w' | 's')[] {
  const roles = staging.reads.flat().map((id) => program.buffers[id]!.role);
  return [
    ...(roles.some((role) => role !== 'staged') ? (['w'] as const) : []),
    ...(roles.includes('staged') ? (['s'] as const) : []),
  ];
}

export function stagedSource({ program }: ModuleProgram, { parameters, staging }: CanonicalWeights): string {
  const { plan, reads } = staging;
  const placed = placedBuffers(program, plan, phaseCalls(program, 'prepare').length);
  const views = placed.map(
    ({ buffer: { name, element, length }, offset }) =>
      `${name}: new ${ARRAYS[element]}(arena, ${offset}, ${length}),`,
  );
  const buffers = reads.flat().map((id) => program.buffers[id]!);
  const entries = parameters.map((parameter, i) => {
    const { role, name } = buffers[i]!;
    return tensorEntry(parameter, `data: ${role === 'staged' ? 's' : 'w'}.${name}`);
  });
  const used = tensorStorage(program, { staging });
  return moduleSource(
    docComment(['The tensors of the weight file. They are row-major.']),
    importsSource([
      { from: './memory.js', names: used.includes('w') ? ['Weights'] : [], isTypeOnly: true },
      { from: './runtime.js', names: ['StagedTensor'], isTypeOnly: true },
    ]),
    placed.length === 0
      ? ''
      : interfaceSource(
          'Staged',
          placed.map(({ buffer: { name, element }, text }) => ({ name, type: ARRAYS[element], doc: text })),
          ['What only `prepare` needs.'],
        ),
    placed.length === 0
      ? ''
      : functionSource(
          'export function createStaged(): Staged',
          ['Creates the memory of `prepare` and its views; offsets are in bytes.'],
          [`const arena = new ArrayBuffer(${plan.arenaBytes});`, `return ${block(views)};`],
        ),
    functionSource(
      `export function nameWeights(${used.map((one) => `${one}: ${STORAGE_TYPES[one]}`).join(', ')}): StagedTensor[]`,
      ['All tensors, with their names and shapes, in the order in which `prepare` needs them.'],
      [`return ${list(entries)};`],
    ),
  );
}
