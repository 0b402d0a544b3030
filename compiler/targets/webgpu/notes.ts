/** What a package's README says of WebGPU: how it is reached, and what is different about its calls. */
import type { CompiledModel, CompiledTraining } from '../../emit/model.ts';
import type { NotesSite } from '../../emit/target.ts';

export function notes(model: CompiledModel, { isOneOfSeveral }: NotesSite): string {
  const load = isOneOfSeveral ? "load({ target: 'webgpu' })" : 'load()';
  const rule = isOneOfSeveral
    ? ' `load()` without a target never chooses it, because its calls return promises; nothing falls back from it.'
    : ' Where there is none, `load` says so; nothing falls back.';
  return `
On WebGPU \`${load}\` takes \`navigator.gpu\`, in Node the npm package \`webgpu\` (install it beside this one), or what is handed
in as \`gpu\` or \`device\`.${rule}
\`forward\` returns a promise and takes arrays or GPUBuffers; \`forwardOnGpu\` leaves the outputs on the GPU. \`model.onLost\`
reports a lost device: load the model again. \`model.close()\` gives the GPU's memory back. \`load\` picks one of two kernel
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
A trainer's calls return promises as well; they run in the order in which they are made, and read arrays and
hyperparameters when it is their turn:

\`\`\`ts
const trainer = await load(${options});
const { loss } = await trainer.trainStep({ ${names} });
\`\`\`

\`trainer.onLost\` reports a lost device: load the trainer again and give it the last state that was saved.
`;
}
