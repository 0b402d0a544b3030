/** The compiled package is plain ES modules, which the page imports as they are. */
import { load } from './lenet5/index.js';

const model = await load();

document.querySelector('input').addEventListener('change', async ({ target }) => {
  const [best] = model.classify(await createImageBitmap(target.files[0]));
  document.querySelector('output').textContent =
    `This is a ${best.label} (${(best.probability * 100).toFixed(1)}%).`;
});
