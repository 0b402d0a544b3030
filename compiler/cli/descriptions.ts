/** Descriptions of arguments and options that several commands share. */
import { normalizationNames } from '../frontend/normalizations.ts';

export const MODEL_FILE =
  'a model file with export default defineModel({ ... }), or the name of a zoo model such as resnet18';

export const WEIGHTS =
  'weights: a safetensors file with the names of PyTorch, or a checkpoint of PyTorch (.pt)';

export const PREPROCESS = `how an image becomes the input: ${normalizationNames.join(', ')}, or settings such as mean=0.5,std=0.25,size=256`;

export const LABELS =
  'names of the classes, for a model that has none: a file with one a line, or imagenet for its 1000 classes';

export const BATCH = 'number of images in one call: the first dimension of every input';

export const INPUT = 'shape of an input, such as image=1x3x96x96; repeatable';
