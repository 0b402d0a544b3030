/** The part of a package's README about WebGPU: where the GPU comes from, and how calls differ. */
import type { CompiledModel, CompiledTraining } from '../../emit/model.ts';
import type { NotesSite } from '../../emit/target.ts';

export function notes(model: CompiledModel, { isOneOfSeveral }: NotesSite): string {
  const load = isOneOfSeveral ? "load({ target: 'webgpu' })" : 'load()';
  const rule = isOneOfSeveral
    ? ' `load()` without a target never chooses WebGPU, because its calls return promises. There is no fallback to another target.'
    : ' If there is no GPU, `load` throws an error; there is no fallback.';
  return `
On WebGPU \`${load}\` uses \`navigator.gpu\`, in Node the npm package \`webgpu\` (install it next to this package), or the
\`gpu\` or \`device\` that you pass.${rule}
\`forward\` returns a promise and takes arrays or GPUBuffers; \`forwardOnGpu\` leaves the outputs on the GPU. \`model.onLost\`
reports a lost device: load the model again. \`model.close()\` frees the GPU's memory. \`load\` picks one of two kernel
families from the adapter; \`load({ family })\` overrides it, \`model.family\` is the family in use.
${model.training ? trainerNotes(model, model.training, isOneOfSeveral) : ''}`;
}

function trainerNotes(
  { inputs }: CompiledModel,
  { targets }: CompiledTraining,
  isOneOfSeveral: boolean,
): string {
  const options = `{ ${isOneOfSeveral ? "target: 'webgpu', " : ''}training: true, learningRate: 0.01 }`;
  const names = [...Object.keys(inputs), ...Object.keys(targets)].join(', ');
  return `
A trainer's calls return promises as well. They run one after the other and read arrays and hyperparameters when they
start:

\`\`\`ts
const trainer = await load(${options});
const { loss } = await trainer.trainStep({ ${names} });
\`\`\`

\`trainer.onLost\` reports a lost device: load the trainer again and restore the last saved state.
`;
}
