/**
 * The name of a model that is imported without one: the file's, as `squeezenet` for `squeezenet.onnx`. Most published files
 * are called `model.onnx`, so such a file takes the name of its folder. Folders that every project has are passed over.
 */
import { extensionOf } from './choose.ts';
import { modelName } from './recorded/names.ts';
import type { Importer } from './types.ts';

/** Names that do not say which model it is. */
const GENERIC = new Set(['model', 'models', 'weights', 'src', 'public', 'static', 'assets']);

/** `path` has `/` or `\` between its parts; the more of it is known, the more folders can give the name. */
export function defaultName(path: string, { name: format, extensions }: Importer): string {
  const [file, ...folders] = path.split(/[\\/]+/).reverse() as [string, ...string[]];
  const own = file.slice(0, file.length - (extensionOf(file, extensions) ?? '').length);
  if (own.toLowerCase() !== 'model') return modelName(own);
  const folder = folders.find((one) => !isGeneric(one, format));
  return modelName(folder ?? own);
}

/** Versions are numbers: `squeezenet/1/model.onnx`. */
const isGeneric = (folder: string, format: string): boolean =>
  GENERIC.has(folder.toLowerCase()) ||
  folder.toLowerCase() === format ||
  /^(v?\d+|\.{0,2}|[A-Za-z]:)$/.test(folder);
