/** The plugin compiles the model that this module imports. Its weights are those that come with cnnc. */
import {
  load,
  preprocess,
  topK,
} from './lenet5.ts?weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';
import { pixelsOf } from './pixels.ts';

const model = await load();
const input = document.querySelector('input')!;

input.addEventListener('change', async () => {
  const { data, width, height } = await pixelsOf(input.files![0]!);
  const { logits } = model.forward({ image: preprocess(data, width, height) });
  const [best] = topK(logits!, 1);
  document.querySelector('output')!.textContent =
    `This is a ${best!.label} (${(best!.probability * 100).toFixed(1)}%).`;
});
