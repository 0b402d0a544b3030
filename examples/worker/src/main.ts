/** The page stays responsive: the worker has the model. */
import type { Answer } from './worker.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const input = document.querySelector('input')!;

input.addEventListener('change', async () => {
  const bitmap = await createImageBitmap(input.files![0]!);
  // The pixels are moved, not copied.
  worker.postMessage(bitmap, [bitmap]);
});

worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
  document.querySelector('output')!.textContent =
    `This is a ${data.label} (${(data.probability * 100).toFixed(1)}%).`;
});
