/** The model as a hook. It is loaded once for all components. */
import { use } from 'react';
import {
  load,
  preprocess,
  topK,
} from './lenet5.ts?weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';

const loading = load();

/** Suspends the component until the model is there. Gives a function from pixels to the most probable classes. */
export function useModel() {
  const model = use(loading);
  return ({ data, width, height }) => {
    const { logits } = model.forward({ image: preprocess(data, width, height) });
    return topK(logits, 3);
  };
}
