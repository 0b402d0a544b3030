/** What is measured: models by their files' names, each with one image in and `logits` out. */
import { modelNames } from '../support/models.ts';
import { BenchError } from './peers.ts';

export const INFERENCE_NETS: readonly string[] = [
  'vgg16bn',
  'resnet18',
  'resnet20',
  'resnet50',
  'densenet121',
  'googlenet',
  'resnext50_32x4d',
  'mobilenetv1',
  'mobilenetv2',
  'alexnet',
  'lenet5',
];

/** A training step's batch. */
export const TRAINING_NETS: Readonly<Record<string, number>> = { lenet5: 32, resnet20: 32, resnet18: 4 };

export function checkNets(names: readonly string[], known: readonly string[] = modelNames): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BenchError(`there is no net ${unknown.join(', ')}, known are ${known.join(', ')}`);
}
