/** What is measured: models by their files' names, each with one image in and `logits` out. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadModel } from '../../compiler/host/loadModel.ts';
import type { Model } from '../../compiler/index.ts';
import { BenchError } from './peers.ts';

export const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

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

const knownNets = (): string[] =>
  readdirSync(MODELS)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3));

export function checkNets(names: readonly string[], known: readonly string[] = knownNets()): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BenchError(`there is no net ${unknown.join(', ')}, known are ${known.join(', ')}`);
}

export const loadNet = (name: string): Promise<Model> => loadModel(`${MODELS}/${name}.ts`);
