/** What is measured: models by their files' names, each with one image in and `logits` out. */
import { modelNames } from '../support/models.ts';
import { BenchError } from './peers.ts';

/** Their names in the documents. */
export const NET_TITLES: Readonly<Record<string, string>> = {
  vgg16bn: 'VGG-16-BN',
  resnet18: 'ResNet-18',
  resnet20: 'ResNet-20',
  resnet50: 'ResNet-50',
  densenet121: 'DenseNet-121',
  googlenet: 'GoogLeNet',
  resnext50_32x4d: 'ResNeXt-50',
  mobilenetv1: 'MobileNetV1',
  mobilenetv2: 'MobileNetV2',
  alexnet: 'AlexNet',
  lenet5: 'LeNet-5',
};

export const INFERENCE_NETS: readonly string[] = Object.keys(NET_TITLES);

/** A training step's batch. */
export const TRAINING_NETS: Readonly<Record<string, number>> = { lenet5: 32, resnet20: 32, resnet18: 4 };

export function checkNets(names: readonly string[], known: readonly string[] = modelNames): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BenchError(`there is no net ${unknown.join(', ')}, known are ${known.join(', ')}`);
}
