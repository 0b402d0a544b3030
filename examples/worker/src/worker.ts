/** A module worker with the model: pixels in, the most probable class out. */
import {
  load,
  preprocess,
  topK,
} from './lenet5.ts?weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';

export interface Answer {
  readonly label: string;
  readonly probability: number;
}

const loading = load();

addEventListener('message', async ({ data: pixels }: MessageEvent<ImageData>) => {
  const model = await loading;
  const { logits } = model.forward({ image: preprocess(pixels.data, pixels.width, pixels.height) });
  const [best] = topK(logits!, 1);
  postMessage(best satisfies Answer | undefined);
});
