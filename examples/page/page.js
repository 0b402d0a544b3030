/** The compiled package is plain ES modules, which the page imports as they are. */
import { load, preprocess, topK } from './lenet5/index.js';

const model = await load();

document.querySelector('input').addEventListener('change', async ({ target }) => {
  const { data, width, height } = await pixelsOf(target.files[0]);
  const { logits } = model.forward({ image: preprocess(data, width, height) });
  const [best] = topK(logits, 1);
  document.querySelector('output').textContent =
    `This is a ${best.label} (${(best.probability * 100).toFixed(1)}%).`;
});

/** The pixels of an image file, as RGBA. */
async function pixelsOf(file) {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
