/** What a data set fixes for every network that was trained on it: preprocessing and class names. */
import type { Preprocess } from 'cnnc';

/** torchvision's evaluation transform: scale the short side to 256, crop the centre to 224 x 224. */
export const imagenetPreprocess: Preprocess = {
  width: 224,
  height: 224,
  resize: 'shortSide',
  shortSide: 256,
  channels: 'rgb',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

export const cifar10Labels = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

export const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
