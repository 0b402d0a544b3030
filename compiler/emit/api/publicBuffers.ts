/** The buffers of a model's inputs or outputs, in the model's order. */
import type { Buffer } from '../../program/types.ts';
import type { CompiledModel } from '../model.ts';

export function publicBuffers(
  model: Pick<CompiledModel, 'program' | 'inputs' | 'outputs'>,
  role: 'input' | 'output',
): readonly Buffer[] {
  const buffers = model.program.buffers.filter((buffer) => buffer.role === role);
  const names = Object.keys(role === 'input' ? model.inputs : model.outputs);
  return names.flatMap((name) => buffers.filter(({ publicName }) => publicName === name));
}
