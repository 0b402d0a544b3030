/** Reads numbers that are stored in files next to the model (`external_data`): a location, an offset and a length. */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { SourceFile, SourceFiles } from '../types.ts';
import type { ReadExternal } from './tensor.ts';

/** Returns a reader of external data. `files` is undefined if the model came as bytes alone. */
export function externalReader(files: SourceFiles | undefined, file: string): ReadExternal {
  return (entries, what) => {
    const refuse = (found: string): never => fail('CNNC3013', 'onnx', { file }, `${what} ${found}`);
    const location = entries['location'] ?? '';
    const shown = JSON.stringify(location);
    if (!files) return refuse(`is stored in the file ${shown}, but only the bytes of the model were given`);
    const found = files(location);
    if (!found) return refuse(`is stored in ${shown}, which is not a file in the folder of the model`);
    return readPart(found, entries, (reason) => refuse(`is stored in ${shown}, ${reason}`));
  };
}

function readPart(
  file: SourceFile,
  entries: Readonly<Record<string, string>>,
  refuse: (found: string) => never,
): Uint8Array {
  const { size } = file;
  const offset = wholeNumber(entries['offset'] ?? '0');
  const length = wholeNumber(entries['length'] ?? String(size - offset));
  if (!(offset + length <= size))
    refuse(`which has ${size} bytes, not ${entries['length']} from ${entries['offset'] ?? 0} on`);
  const bytes = file.read(offset, length);
  return bytes.length === length ? bytes : refuse('which ended too early');
}

const wholeNumber = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : NaN);
