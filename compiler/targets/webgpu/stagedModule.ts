/** `parameters.ts` of a WebGPU package that folds and packs its weights when they are loaded. */
import { placedBuffers } from '../../emit/buffers.ts';
import { documented, importsSource, list, moduleSource, recordSource } from '../../emit/declarations.ts';
import type { CanonicalWeights } from '../../emit/model.ts';
import { tensorEntry } from '../../emit/parameters.ts';
import { docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { phaseCalls } from '../../program/types.ts';
import type { WebgpuLayout } from './memoryLayout.ts';
import { regionText } from './memoryModule.ts';

export function stagedSource(
  one: ModuleProgram,
  { parameters, staging }: CanonicalWeights,
  layout: WebgpuLayout,
): string {
  const { program } = one;
  const { preparing, bytes } = layout.programs.get(one)!;
  const placed = placedBuffers(program, staging.plan, phaseCalls(program, 'prepare').length);
  const members = placed.map(({ buffer, text }) =>
    documented(text, `${buffer.name}: ${regionText(preparing.get(buffer.id)!)},`),
  );
  const buffers = staging.reads.flat().map((id) => program.buffers[id]!);
  const entries = parameters.map((parameter, i) => {
    const { role, name } = buffers[i]!;
    return tensorEntry(parameter, `range: ${role === 'staged' ? 's' : 'w'}.${name}`);
  });
  return moduleSource(
    docComment(['The tensors of the weight file and their ranges in bytes. They are row-major.']),
    importsSource([
      { from: './memory.js', names: buffers.some(({ role }) => role !== 'staged') ? ['w'] : [] },
      { from: './runtime.js', names: ['GpuStagedTensor'], isTypeOnly: true },
    ]),
    `/** Size of the GPUBuffer that only \`prepare\` needs, in bytes. */\nexport const STAGING_BYTES = ${bytes.staging};\n`,
    placed.length === 0 ? '' : recordSource('s', ['What only `prepare` needs.'], members),
    `${docComment(['All tensors, with their names and shapes, in the order in which `prepare` needs them.'])}export const weights: readonly GpuStagedTensor[] = ${list(entries)};\n`,
  );
}
