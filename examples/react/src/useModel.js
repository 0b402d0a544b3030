/** The model as a hook. It is loaded once for all components. */
import { use } from 'react';
import { load } from './lenet5.ts?weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';

const loading = load();

/** Suspends the component until the model is there. Gives a function from an image to the most probable classes. */
export function useModel() {
  const model = use(loading);
  return (image) => model.classify(image, 3);
}
