/** A module worker with the model: a bitmap in, the most probable class out. */
import { load } from './lenet5.ts?weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';

export interface Answer {
  readonly label: string;
  readonly probability: number;
}

const loading = load();

addEventListener('message', async ({ data: bitmap }: MessageEvent<ImageBitmap>) => {
  const model = await loading;
  const [best] = model.classify(bitmap);
  postMessage(best satisfies Answer | undefined);
});
