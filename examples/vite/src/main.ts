/** The plugin compiles the model that this module imports. Its weights are those that come with cnnc. */
import { load } from './lenet5.ts?weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';

const model = await load();
const input = document.querySelector('input')!;

input.addEventListener('change', async () => {
  const [best] = model.classify(await createImageBitmap(input.files![0]!));
  document.querySelector('output')!.textContent =
    `This is a ${best!.label} (${(best!.probability * 100).toFixed(1)}%).`;
});
