/** The packages in `generated/`, each with the command that writes it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modelFile } from './models.ts';

export interface GeneratedPackage {
  readonly name: string;
  /** Arguments of `cnnc`, without `--out`. Paths are relative to the project's root. */
  readonly args: readonly string[];
  /** `weights.safetensors` is committed as well: only where it is small. */
  readonly weightsCommitted: boolean;
}

const compiled = (model: string, weightsCommitted: boolean, target?: string): GeneratedPackage => {
  const weights = `models/weights/${model}.safetensors`;
  const trained = existsSync(fileURLToPath(new URL(`../../${weights}`, import.meta.url)));
  const args = ['compile', modelFile(model), ...(trained ? ['--weights', weights] : [])];
  if (target === undefined) return { name: model, args, weightsCommitted };
  return { name: `${model}-${target}`, args: [...args, '--target', target], weightsCommitted };
};

export const GENERATED: readonly GeneratedPackage[] = [
  compiled('lenet5', true),
  compiled('lenet5', true, 'wasm'),
  compiled('lenet5', true, 'webgpu'),
  compiled('resnet20', false),
  compiled('resnet18', false),
];
