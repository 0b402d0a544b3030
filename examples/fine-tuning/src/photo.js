/** Reads a photo as the network's input. */
import { preprocess } from './vehicles.ts?batch=8&train=head&cnnc';

export async function readPhoto(file) {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return preprocess(data, width, height);
}
