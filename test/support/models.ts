/** The model files of models/ and models/variants/ by their names: `resnet18`, `resnet34`. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Model } from 'cnnc';
import { loadModel } from '../../compiler/host/loadModel.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const files: ReadonlyMap<string, string> = new Map(
  ['models', 'models/variants'].flatMap((folder) =>
    readdirSync(root + folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file.replace(/\.ts$/, ''), `${folder}/${file}`] as const),
  ),
);

export const modelNames: readonly string[] = [...files.keys()].sort();

/** Path from the root of the repository: `models/variants/resnet34.ts`. */
export function modelFile(name: string): string {
  const file = files.get(name);
  if (file === undefined) throw new Error(`there is no model ${name}`);
  return file;
}

export const zooModel = (name: string): Promise<Model> => loadModel(root + modelFile(name));
