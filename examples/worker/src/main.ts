/** The page stays responsive: the worker has the model. */
import type { Answer } from './worker.ts';
import { pixelsOf } from './pixels.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const input = document.querySelector('input')!;

input.addEventListener('change', async () => {
  const pixels = await pixelsOf(input.files![0]!);
  // The pixels are moved, not copied.
  worker.postMessage(pixels, [pixels.data.buffer]);
});

worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
  document.querySelector('output')!.textContent =
    `This is a ${data.label} (${(data.probability * 100).toFixed(1)}%).`;
});
