/** What `generated/` holds: each package by the command that makes it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface GeneratedPackage {
  readonly name: string;
  /** For `cnnc`, without `--out`; paths are relative to the project's root. */
  readonly args: readonly string[];
  /** `weights.safetensors` is committed as well: only where it is small. */
  readonly weightsCommitted: boolean;
}

const compiled = (name: string, weightsCommitted: boolean): GeneratedPackage => {
  const weights = `models/weights/${name}.safetensors`;
  const trained = existsSync(fileURLToPath(new URL(`../../${weights}`, import.meta.url)));
  const args = ['compile', `models/${name}.ts`, ...(trained ? ['--weights', weights] : [])];
  return { name, args, weightsCommitted };
};

export const GENERATED: readonly GeneratedPackage[] = [
  compiled('lenet5', true),
  compiled('resnet20', false),
  compiled('resnet18', false),
];
