/** Descriptions of arguments and options that several commands share. */
export const MODEL_FILE =
  'a model file with export default defineModel({ ... }), or the name of a zoo model such as resnet18';

export const WEIGHTS =
  'weights: a safetensors file with the names of PyTorch, or a checkpoint of PyTorch (.pt)';

export const BATCH = 'number of images in one call: the first dimension of every input';

export const INPUT = 'shape of an input, such as image=1x3x96x96; repeatable';
