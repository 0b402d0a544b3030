/** The model files that come with cnnc, by their names: `resnet18`, `resnet34`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './packageRoot.ts';

/** Folders below the package's root; a name is in one of them only. */
const FOLDERS = ['models', 'models/variants'];

/** Paths from the package's root, such as `models/variants/resnet34.ts`, by the model's name. */
export const zooFiles = (): ReadonlyMap<string, string> =>
  new Map(
    FOLDERS.flatMap((folder) =>
      readdirSync(join(packageRoot, folder))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => [file.replace(/\.ts$/, ''), `${folder}/${file}`] as const),
    ).sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** The path of a model of the zoo, or undefined if there is none of that name. */
export function zooFile(name: string): string | undefined {
  const file = zooFiles().get(name);
  return file === undefined ? undefined : join(packageRoot, file);
}
