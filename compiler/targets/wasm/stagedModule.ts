/** `parameters.ts` of a wasm package that folds and packs its weights when they are loaded. */
import { placedBuffers } from '../../emit/buffers.ts';
import {
  documented,
  functionSource,
  importsSource,
  list,
  moduleSource,
  recordSource,
} from '../../emit/declarations.ts';
import type { CanonicalWeights } from '../../emit/model.ts';
import { docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { phaseCalls } from '../../program/types.ts';
import type { ProgramLayout } from './memoryLayout.ts';

const TENSOR = `const tensor = (name: string, shape: readonly number[], address: number): StagedTensor => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return { name, shape, data: new Float32Array(buffer, address, length) };
};`;

export function stagedSource(
  one: ModuleProgram,
  { parameters, staging }: CanonicalWeights,
  { weights, staged }: ProgramLayout,
): string {
  const { program } = one;
  const header = docComment([
    'The tensors of the weight file and their addresses in bytes. They are row-major.',
  ]);
  const placed = placedBuffers(program, staging.plan, phaseCalls(program, 'prepare').length);
  const members = placed.map(({ buffer, text }) =>
    documented(text, `${buffer.name}: ${staged.get(buffer.id)!},`),
  );
  const buffers = staging.reads.flat().map((id) => program.buffers[id]!);
  const entries = parameters.map((parameter, i) => {
    const { id, name } = buffers[i]!;
    const address = weights.has(id) ? `w.${name}` : `s.${name}`;
    return `tensor(${JSON.stringify(parameter.name)}, [${parameter.shape.join(', ')}], ${address}),`;
  });
  return moduleSource(
    header,
    importsSource([
      { from: './memory.js', names: buffers.some(({ id }) => weights.has(id)) ? ['w'] : [] },
      { from: './runtime.js', names: ['StagedTensor'], isTypeOnly: true },
    ]),
    placed.length === 0
      ? ''
      : recordSource('s', ['What only `prepare` needs. It shares the memory of the activations.'], members),
    functionSource(
      'export function nameWeights(buffer: ArrayBuffer): StagedTensor[]',
      [
        'Views of the places of all tensors, with their names and shapes, in the order in which `prepare` needs them.',
      ],
      [TENSOR, `return ${list(entries)};`],
    ),
  );
}
